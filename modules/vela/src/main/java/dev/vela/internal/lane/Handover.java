package dev.vela.internal.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.pulsar.Refusal;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Hands the entries of a lane to the official producer that it has, and to its successors under the same name, in order.
 *
 * <p>Thread-safe. Any thread may hand over; the control thread alone gives and takes producers.
 */
final class Handover {
    /*
     * Entries get their sequence ids and are handed over under one lock, so that ids grow in the order in which the
     * official producer queues them. The official producer takes its own monitor inside, and answers failures while it
     * holds it. Hence the rule that keeps this free of deadlock: what runs when a receipt or a failure arrives
     * (Receipts) never takes this lock, except to try; it settles the one entry by its flags, and leaves the
     * queue to be pruned by the next entry.
     *
     * Where a successor sends again what a dead producer left, that stays in flight all the while: it holds its room and
     * its affinity, its messages time out, and a late receipt still answers it. The successor becomes the publisher only
     * when it has all of it, so nothing newer can come before. A buffer is used again only if a single producer ever had
     * it. That is decided without this lock: a thread that keeps an entry marks it first and looks afterwards whether it has
     * been released; a thread that brings its receipt releases it first and looks afterwards for the mark. So either it is not
     * handed over again, or its buffer is left alone.
     */
    private final LaneContext context;
    private final Scheduler scheduler;
    private final LaneListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final InFlight inFlight;
    private final Receipts receipts;
    private volatile long nextSequenceId; // written under lock
    private volatile @Nullable EntryPublisher publisher; // written under lock
    private volatile @Nullable EntryPublisher doomed; // nothing is handed to it any more, whatever it says of itself

    @GuardedBy("lock")
    private @Nullable Replay replay; // its successor is not the publisher yet

    @GuardedBy("lock")
    private boolean everSent;

    private volatile long lastDisconnected; // written under lock

    /**
     * Creates one without a producer.
     *
     * @param name the lane's, for messages
     * @param progressed run when the client has told the fate of an entry, maybe with its locks held
     */
    Handover(String name, LaneContext context, LaneListener listener, Receipts.Progress progressed) {
        this.context = context;
        this.scheduler = context.scheduler();
        this.listener = listener;
        this.inFlight = new InFlight(lock, scheduler, this::expired);
        this.receipts = new Receipts(name, context, listener, inFlight, progressed, this::doom);
    }

    private void expired(Send send) {
        receipts.expired(send);
    }

    /**
     * Gives it a producer. That one first gets what a dead one left, if that was kept, and then what is new.
     *
     * @param whenLive run as soon as it takes what is new: before this returns, or on the control thread
     */
    void attach(EntryPublisher fresh, Runnable whenLive) {
        scheduler.assertCurrent();
        Replay begun = null;
        lock.lock();
        try {
            nextSequenceId = Math.max(nextSequenceId, fresh.lastSequenceId() + 1);
            if (!everSent) {
                receipts.startAfter(fresh.lastSequenceId());
            }
            inFlight.progressed();
            List<Entry> kept = inFlight.keepAll();
            if (kept.isEmpty()) {
                publisher = fresh;
            } else {
                begun = new Replay(fresh, kept, whenLive);
                replay = begun;
            }
        } finally {
            lock.unlock();
        }
        if (begun == null) {
            whenLive.run();
        } else {
            replaySome(begun);
        }
    }

    /** Hands over some of what was kept, and sees to the rest later: the control thread has more to do. */
    private void replaySome(Replay mine) {
        Turn turn = new Turn(scheduler);
        do {
            @Nullable Attempt attempt;
            lock.lock();
            try {
                if (replay != mine) {
                    return;
                }
                attempt = replayNext(mine);
            } finally {
                lock.unlock();
            }
            if (attempt == null) {
                mine.whenDone().run();
                return;
            }
            switch (attempt.result()) {
                case TAKEN -> receipts.follow(attempt);
                case FULL -> {
                    scheduler.schedule(WaitingQueue.FULL_RETRY, () -> replaySome(mine));
                    return;
                }
                default -> {
                    return; // its death has been told
                }
            }
        } while (!turn.isOverAfterStep());
        scheduler.execute(() -> replaySome(mine));
    }

    /** Returns null if nothing is left: then the successor is the producer. */
    @GuardedBy("lock")
    private @Nullable Attempt replayNext(Replay mine) {
        Entry next = mine.next();
        if (next == null) {
            replay = null;
            publisher = mine.isFollowedByNew() ? mine.successor() : null;
            return null;
        }
        Attempt attempt = attempt(mine.successor(), next);
        if (attempt.result() == OfferResult.TAKEN) {
            mine.handed();
        }
        return attempt;
    }

    /** Hands nothing new to the producer. What was handed to it is still answered by its receipts. */
    void endIntake() {
        lock.lock();
        try {
            lastDisconnected = lastDisconnected();
            publisher = null;
            if (replay != null) {
                replay.endIntake();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes a dead producer away, and keeps what was handed to it for its successor. */
    void suspend() {
        scheduler.assertCurrent();
        lock.lock();
        try {
            takeAway();
            inFlight.keepAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the producer away for good, and answers everything that was handed to it or to one before it.
     *
     * @param why what is told with each answer
     */
    void detach(String why, @Nullable Throwable cause) {
        scheduler.assertCurrent();
        List<Entry> orphans;
        lock.lock();
        try {
            takeAway();
            orphans = inFlight.all();
        } finally {
            lock.unlock();
        }
        orphans.forEach(orphan -> receipts.died(orphan, why, cause));
        inFlight.rest();
    }

    @GuardedBy("lock")
    private void takeAway() {
        lastDisconnected = lastDisconnected();
        publisher = null;
        doomed = null;
        replay = null;
    }

    /**
     * The producer has failed what it had, and goes on: what is kept for its successor must come before anything newer. Never
     * waits for the lock.
     */
    void doom(EntryPublisher which) {
        doomed = which;
    }

    /** Hands an entry to the producer. Where that fails it is answered, since the producer may have it. */
    OfferResult hand(Entry entry) {
        try {
            return handOver(entry);
        } catch (Throwable failure) { // a full stack or heap of whoever does this
            abandon(entry, failure);
            return OfferResult.TAKEN;
        }
    }

    private OfferResult handOver(Entry entry) {
        Attempt attempt;
        lock.lock();
        try {
            EntryPublisher current = publisher;
            if (current == null || current == doomed) {
                return OfferResult.DOWN;
            }
            long chosen = entry.encoded().chosenSequenceId();
            entry.number(chosen >= 0 ? chosen : nextSequenceId);
            inFlight.add(entry); // first: whatever fails from here on, what the client may have is found
            boolean isRefused = false;
            try {
                attempt = attempt(current, entry);
                isRefused = attempt.result() != OfferResult.TAKEN;
                if (isRefused) {
                    inFlight.takeBack(entry);
                    return attempt.result();
                }
            } finally {
                if (!isRefused) { // an id that the client may have must not be another entry's, too
                    nextSequenceId = Math.max(nextSequenceId, entry.sequenceId() + 1);
                    everSent = true;
                }
            }
        } finally {
            lock.unlock();
        }
        receipts.follow(attempt);
        return OfferResult.TAKEN;
    }

    /**
     * Hands an entry to the given producer, and takes that one away if it turns out to be dead. The entry
     * counts as taken unless the producer certainly has never had it: it refused it at the door, and was not connected.
     */
    @GuardedBy("lock")
    private Attempt attempt(EntryPublisher taker, Entry entry) {
        long connection = taker.lastDisconnected();
        boolean mayLeave = taker.isConnected();
        entry.handTo(taker);
        CompletableFuture<MessageId> receipt = publish(taker, entry);
        OfferResult result = OfferResult.TAKEN; // what concerns the entry alone is its answer
        if (Failures.of(receipt) instanceof Refusal refusal) {
            if (Failures.isDeath(refusal) && !mayLeave) {
                result = OfferResult.DOWN;
                takeAway();
                scheduler.execute(() -> listener.died(taker, refusal.reason()));
            } else if (Failures.ofSend(refusal) == Failures.Meaning.FULL) {
                result = OfferResult.FULL;
            }
        }
        return new Attempt(taker, connection, entry, result, receipt);
    }

    private static CompletableFuture<MessageId> publish(EntryPublisher taker, Entry entry) {
        try {
            return taker.publish(entry.encoded(), entry.sequenceId());
        } catch (Throwable e) { // of whatever kind: whoever hands over must not leave the rest behind
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Answers an entry of which it is not known whether the producer has it. */
    void abandon(Entry entry, Throwable cause) {
        receipts.died(entry, "failed to hand it over: " + cause, cause);
    }

    /** How many bytes a batch may have that leaves now, with the metadata that it bears as a whole. */
    int maxBatchBytes() {
        EntryPublisher current = publisher;
        return current == null ? Integer.MAX_VALUE : current.maxBatchBytes();
    }

    /** Whether a producer is attached, connected or not. */
    boolean isLive() {
        return publisher != null;
    }

    /** Whether a message would probably leave now: connected, and receipts are coming. */
    boolean isHealthy() {
        EntryPublisher current = publisher;
        return current != null && current.isConnected() && !inFlight.isStalled();
    }

    /**
     * Whether the client seems to have forgotten an entry: nothing was heard of any for so long, and the oldest in flight
     * timed out, or would be sent again.
     */
    boolean isStuck(Duration limit) {
        return inFlight.isStuck(limit, context.replays());
    }

    /** Whether the attached producer is connected. */
    boolean isConnected() {
        EntryPublisher current = publisher;
        return current != null && current.isConnected();
    }

    /** Messages handed over whose fate the client has not told. */
    int inFlight() {
        return inFlight.messages();
    }

    /** The highest sequence id that was given to an entry, or that the broker knew of the name; -1 for none. */
    long highestSequenceId() {
        return nextSequenceId - 1;
    }

    /** Entries handed over whose fate the client has not told. */
    int entriesInFlight() {
        return inFlight.entries();
    }

    /** How long the oldest message in flight has been on its way, from its acceptance; zero if none is. */
    Duration oldestInFlight() {
        return inFlight.oldest();
    }

    /** The highest sequence id of which a receipt has come; before the first, the one that the broker knew, or -1. */
    long lastAcknowledged() {
        return receipts.lastAcknowledged();
    }

    /** When a producer of this lane last lost its connection, in milliseconds of the epoch; 0 if none did. */
    long lastDisconnected() {
        EntryPublisher current = publisher;
        return current == null ? lastDisconnected : Math.max(lastDisconnected, current.lastDisconnected());
    }
}
