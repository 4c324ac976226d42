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
import org.jspecify.annotations.Nullable;

/**
 * Settles the entries of a lane by what the client tells of them.
 *
 * <p>Thread-safe. What it is told comes on threads of the client, perhaps with its locks held: so it never takes the lane's
 * lock.
 */
final class Receipts {
    private final String name;
    private final LaneContext context;
    private final LaneListener listener;
    private final InFlight inFlight;
    private final Progress progress;
    private final Consumer<EntryPublisher> doom;
    private final AtomicLong lastAcknowledged = new AtomicLong(-1);

    /** Told when the client has told the fate of an entry. */
    @FunctionalInterface
    interface Progress {
        /**
         * There may be room for another entry now.
         *
         * @param mayCallOut false where the client may hold its locks
         */
        void progressed(boolean mayCallOut);
    }

    private @Nullable Thread lastBringer; // a hint: read and written without order

    /**
     * Creates what settles the entries of a lane.
     *
     * @param doom keeps new entries from a producer that goes on after it has failed what it had
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

    /** Waits for what the producer says of an entry that it took. */
    void follow(Attempt attempt) {
        CompletableFuture<MessageId> receipt = attempt.receipt();
        if (receipt.isDone()) { // here, and not in a callback of the future, which would keep what it throws to itself
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

    /** A receipt that was there before it was asked for is told on the thread that asks, which may be the application's. */
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
        lastAcknowledged.accumulateAndGet(entry.sequenceId(), Math::max);
        entry.acknowledge(
                OfficialProducer.withPartition(id, context.partition()), context.completions(), context.counters());
        inFlight.answered();
        if (isFree(attempt)) {
            entry.recycle();
        }
        progress.progressed(true);
    }

    /** Whether the client has no use for the bytes any more: it has, for what went over a connection that was replaced. */
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
            return; // whoever is told decides what becomes of it
        }
        if (release(entry)) {
            fail(entry, failure(attempt, answer));
            inFlight.answered();
            progress.progressed(false);
        }
    }

    private Throwable failure(Attempt attempt, Throwable answer) {
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
     * Whether what was refused is certainly not stored: no producer had it before, and this one never sent it, or sent it
     * once. What was sent over two connections may have been stored by the first, and be refused at the second.
     */
    private static boolean isNowhere(Attempt attempt, Throwable answer) {
        return !attempt.entry().isKept()
                && !Failures.breaksTheQueue(answer)
                && (Failures.precedesSending(answer) || attempt.by().lastDisconnected() == attempt.connection());
    }

    /** Answers an entry that left and of which nothing more will be heard. */
    void died(Entry entry, String why, @Nullable Throwable cause) {
        if (release(entry)) {
            fail(entry, new ProducerDiedException(name + " " + why, cause));
        }
    }

    /** Answers a message whose time is over. It stays in flight: the client still holds it. */
    void expired(Send send) {
        Throwable failure = new SendTimeoutException(name + " got no receipt within the message's timeout");
        new Answer(send).expired(failure, context.counters()).give(context.completions());
    }

    private void fail(Entry entry, Throwable cause) {
        entry.fail(cause, context.completions(), context.counters());
    }

    /** Gives back what the entry holds. Returns whether this call did it, and so must answer it. */
    private boolean release(Entry entry) {
        if (!entry.release()) {
            return false;
        }
        inFlight.ended(entry);
        return true;
    }

    /** What the broker knows of the producer's name, as long as nothing was handed over. */
    void startAfter(long sequenceId) {
        lastAcknowledged.set(sequenceId);
    }

    /** The highest sequence id of which a receipt has come, or that the broker knew of before; or -1. */
    long lastAcknowledged() {
        return lastAcknowledged.get();
    }
}
