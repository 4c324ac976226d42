package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;

/** What came of a send, waited for with a bound. */
final class Answers {
    private static final long BOUND_SECONDS = 120;

    private Answers() {}

    static MessageId receipt(CompletableFuture<MessageId> answer) {
        return value(answer);
    }

    static <T> T value(CompletableFuture<T> answer) {
        try {
            return answer.get(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("expected a success", e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** The failure, which must be of this class. */
    static <E extends Throwable> E failure(CompletableFuture<?> answer, Class<E> expected) {
        try {
            Object value = answer.get(BOUND_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("expected a failure, was " + value);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(expected);
            return expected.cast(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** The failure, which must say that the message is certainly not stored. */
    static <E extends Throwable> E notSent(CompletableFuture<?> answer, Class<E> expected) {
        return outcome(answer, expected, Outcome.NOT_SENT);
    }

    /** The failure, which must say that nobody knows. */
    static <E extends Throwable> E unknown(CompletableFuture<?> answer, Class<E> expected) {
        return outcome(answer, expected, Outcome.UNKNOWN);
    }

    private static <E extends Throwable> E outcome(CompletableFuture<?> answer, Class<E> expected, Outcome outcome) {
        E failure = failure(answer, expected);
        assertThat(Outcome.of(failure)).isEqualTo(outcome);
        return failure;
    }

    /** What a sender was told is what a consumer sees. */
    static void assertSameId(MessageId told, MessageId seen) {
        MessageIdAdv receipt = (MessageIdAdv) told;
        MessageIdAdv id = (MessageIdAdv) seen;
        assertThat(receipt.compareTo(id)).as("%s and %s", receipt, id).isZero();
        assertThat(receipt.getBatchIndex()).isEqualTo(id.getBatchIndex());
        assertThat(receipt.getBatchSize()).isEqualTo(id.getBatchSize());
        assertThat(receipt.getPartitionIndex()).isEqualTo(id.getPartitionIndex());
    }
}
