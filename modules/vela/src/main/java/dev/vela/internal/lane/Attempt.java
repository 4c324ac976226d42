package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.pulsar.Refusal;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;

/**
 * One hand-over of an entry to a producer, which took or refused the entry.
 *
 * @param by the producer
 * @param connection when the producer had last lost its connection, as of the hand-over
 * @param result the producer's immediate result
 * @param receipt the producer's later result, if it took the entry
 */
record Attempt(
        EntryPublisher by, long connection, Entry entry, OfferResult result, CompletableFuture<MessageId> receipt) {
    /**
     * Hands an entry to a producer. The entry counts as taken unless the producer certainly never had it: the producer
     * refused it at once, and was full, or dead and not connected. A failure of the entry alone is its answer.
     */
    static Attempt of(EntryPublisher taker, Entry entry) {
        long connection = taker.lastDisconnected();
        boolean wasConnected = taker.isConnected();
        entry.handTo(taker);
        CompletableFuture<MessageId> receipt = publish(taker, entry);
        return new Attempt(taker, connection, entry, result(receipt, wasConnected), receipt);
    }

    private static OfferResult result(CompletableFuture<MessageId> receipt, boolean wasConnected) {
        if (Failures.of(receipt) instanceof Refusal refusal) {
            if (Failures.isDeath(refusal) && !wasConnected) {
                return OfferResult.DOWN;
            }
            if (Failures.ofSend(refusal) == Failures.Meaning.FULL) {
                return OfferResult.FULL;
            }
        }
        return OfferResult.TAKEN;
    }

    private static CompletableFuture<MessageId> publish(EntryPublisher taker, Entry entry) {
        try {
            return taker.publish(entry.encoded(), entry.sequenceId());
        } catch (Throwable e) { // of any kind: the thread must go on to hand over the rest
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The producer's reason. Only if it refused the entry. */
    Throwable refusal() {
        return Refusal.reason(Objects.requireNonNull(Failures.of(receipt)));
    }
}
