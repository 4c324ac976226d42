package dev.vela.internal.lane;

import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.SendFailedException;
import dev.vela.SendTimeoutException;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.pulsar.OfficialProducer;
import dev.vela.internal.pulsar.Refusal;
import dev.vela.internal.scheduling.ClientThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * Settles the entries of a lane by the client's reports.
 *
 * <p>Thread-safe. Reports come on the client's threads, perhaps with the client's locks held, so this class never waits
 * for the lane's lock.
 */
final class Receipts {
    private final String name;
    private final LaneContext context;
    private final LaneListener listener;
    private final InFlight inFlight;
    private final Progress progress;
    private final Consumer<EntryPublisher> doom;
    private final AtomicLong lastAcknowledged = new AtomicLong(-1);

    /** Notified when the client has reported the fate of an entry. */
    @FunctionalInterface
    interface Progress {
        /**
         * There may be room for another entry now.
         *
         * @param mayCallOut false where the client may hold its locks
         */
        void progressed(boolean mayCallOut);
    }

    private @Nullable Thread lastBringer; // a hint: read and written without memory ordering

    /**
     * Creates the receipt handling of a lane.
     *
     * @param doom stops new entries to a producer that has failed its entries but keeps running
     */
    Receipts(
            String name,
            LaneContext context,
            LaneListener listener,
            InFlight inFlight,
            Progress progress,
            Consumer<EntryPublisher> doom) {
        this.name = name;
        this.context = context;
        this.listener = listener;
        this.inFlight = inFlight;
        this.progress = progress;
        this.doom = doom;
    }

    /** Follows the fate of an entry that the producer took. Does not block. */
    void follow(Attempt attempt) {
        CompletableFuture<MessageId> receipt = attempt.receipt();
        if (receipt.isDone()) { // not in a callback of the future, which would swallow exceptions
            Throwable failure = Failures.of(receipt);
            told(attempt, failure == null ? receipt.join() : null, failure);
            return;
        }
        Thread sender = Thread.currentThread();
        receipt.whenComplete((id, failure) -> {
            if (failure == null) {
                broughtBy(Thread.currentThread(), sender);
            }
            told(attempt, id, failure);
        });
    }

    private void told(Attempt attempt, @Nullable MessageId id, @Nullable Throwable failure) {
        inFlight.progressed();
        if (failure == null && id != null) {
            stored(attempt, id);
        } else {
            failed(attempt, failure == null ? new IllegalStateException("no receipt") : Failures.unwrap(failure));
        }
    }

    /**
     * Registers a client thread. Excludes the sender: a receipt that is already complete is reported on the sender's
     * thread, which may be the application's.
     */
    private void broughtBy(Thread thread, Thread sender) {
        if (thread != lastBringer && thread != sender) {
            lastBringer = thread;
            ClientThreads.add(thread);
        }
    }

    private void stored(Attempt attempt, MessageId id) {
        Entry entry = attempt.entry();
        if (!release(entry)) {
            return;
        }
        if (isRoundTrip(attempt, id)) {
            inFlight.stored(entry);
        }
        lastAcknowledged.accumulateAndGet(entry.sequenceId(), Math::max);
        entry.acknowledge(
                OfficialProducer.withPartition(id, context.partition()), context.completions(), context.counters());
        inFlight.answered();
        if (isFree(attempt)) {
            entry.recycle();
        }
        progress.progressed(true);
    }

    /** Whether a broker stored the entry when it came first; a broker that has it already answers sooner. */
    private static boolean isRoundTrip(Attempt attempt, MessageId id) {
        return id instanceof MessageIdAdv place
                && place.getEntryId() >= 0
                && attempt.by().lastDisconnected() == attempt.connection();
    }

    /**
     * Whether the client no longer uses the entry's bytes. It still may if the connection was replaced after the
     * hand-over.
     */
    private static boolean isFree(Attempt attempt) {
        return !attempt.entry().isKept() && attempt.by().lastDisconnected() == attempt.connection();
    }

    private void failed(Attempt attempt, Throwable answer) {
        Entry entry = attempt.entry();
        if (entry.isReleased() || !entry.isWith(attempt.by())) {
            return;
        }
        boolean isEmptied = context.replays() && Failures.emptiesTheQueue(answer);
        if (isEmptied) {
            doom.accept(attempt.by());
        }
        boolean isDeath = isEmptied || Failures.isDeath(answer);
        if (isDeath || Failures.breaksTheQueue(answer)) {
            context.scheduler().execute(() -> listener.died(attempt.by(), Refusal.reason(answer)));
        }
        if (isDeath && context.replays()) {
            return; // the listener decides what happens to the entry
        }
        if (release(entry)) {
            fail(entry, failure(attempt, answer));
            inFlight.answered();
            progress.progressed(false);
        }
    }

    private PulsarClientException failure(Attempt attempt, Throwable answer) {
        Throwable cause = Refusal.reason(answer);
        if (Failures.isDeath(cause)) {
            return new ProducerDiedException(name + " died: " + cause.getMessage(), cause);
        }
        if (Failures.ofSend(cause) == Failures.Meaning.MESSAGE && isNowhere(attempt, answer)) {
            return new MessageRejectedException(name + " could not publish: " + cause.getMessage(), cause);
        }
        boolean stayed = Failures.isOfEncryption(cause) && !attempt.entry().isKept();
        return new SendFailedException(
                name + ": " + cause.getMessage(), stayed ? Outcome.NOT_SENT : Outcome.UNKNOWN, cause);
    }

    /**
     * Whether a refused entry is certainly not stored: no producer had it before, and this producer never sent it, or
     * sent it once. An entry sent over two connections may have been stored over the first and refused over the second.
     */
    private static boolean isNowhere(Attempt attempt, Throwable answer) {
        return !attempt.entry().isKept()
                && !Failures.breaksTheQueue(answer)
                && (Failures.precedesSending(answer) || attempt.by().lastDisconnected() == attempt.connection());
    }

    /** Answers an entry that was handed over and of which nothing more will be heard. */
    void died(Entry entry, String why, @Nullable Throwable cause) {
        if (release(entry)) {
            fail(entry, new ProducerDiedException(name + " " + why, cause));
        }
    }

    /** Answers a message that has timed out. It stays in flight: the client still holds it. */
    void expired(Send send) {
        Throwable failure = new SendTimeoutException(name + " got no receipt within the message's timeout");
        new Answer(send).expired(failure, context.counters()).give(context.completions());
    }

    private void fail(Entry entry, PulsarClientException cause) {
        entry.fail(context.told().apply(cause), context.completions(), context.counters());
    }

    /** Gives back what the entry holds. Returns whether this call did so: then the caller must answer the entry. */
    private boolean release(Entry entry) {
        if (!entry.release()) {
            return false;
        }
        inFlight.ended(entry);
        return true;
    }

    /** Sets the sequence id that the broker knows for the producer's name, until the first entry is handed over. */
    void startAfter(long sequenceId) {
        lastAcknowledged.set(sequenceId);
    }

    /** The highest acknowledged sequence id, or the id that the broker knew before; or -1. */
    long lastAcknowledged() {
        return lastAcknowledged.get();
    }
}
