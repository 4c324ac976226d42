package dev.vela.test;

import dev.vela.Outcome;
import dev.vela.SendCallback;
import dev.vela.SendFailedException;
import dev.vela.internal.lane.CallbackSend;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** A message that was accepted, and its answer to come. Its fields are guarded by the producer's lock. */
final class MockSend extends CompletableFuture<MessageId> {
    final SentMessage message;
    final int bytes;
    final int partition;
    final @Nullable SendCallback callback;
    final CompletableFuture<@Nullable Void> done = new CompletableFuture<>(); // never handed out; after the callback

    /** Whether a producer has taken it, so that it may be stored. */
    boolean isHanded;

    long sequenceId;

    MockSend(SentMessage message, int bytes, int partition, @Nullable SendCallback callback) {
        this.message = message;
        this.bytes = bytes;
        this.partition = partition;
        this.callback = callback;
    }

    /** Gives the answer. Called once, without a lock. */
    void answer(@Nullable MessageId receipt, @Nullable Throwable failure) {
        if (callback != null) {
            CallbackSend.tell(callback, receipt, failure);
        }
        if (failure == null) {
            complete(receipt);
            done.complete(null);
        } else {
            completeExceptionally(failure);
            done.completeExceptionally(failure);
        }
    }

    static MessageId await(CompletableFuture<MessageId> answer) throws PulsarClientException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw told(e);
        }
    }

    static PulsarClientException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new SendFailedException(
                "interrupted while waiting for the receipt; the message goes on", Outcome.UNKNOWN, e);
    }

    static PulsarClientException told(ExecutionException e) {
        return e.getCause() instanceof PulsarClientException known
                ? known
                : new SendFailedException(String.valueOf(e.getCause()), Outcome.UNKNOWN, e.getCause());
    }
}
