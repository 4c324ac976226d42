package dev.vela.internal.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands the entries of a lane to its official producer, and to the successors under the same name, in order.
 *
 * <p>Thread-safe. Any thread may hand over; only the control thread attaches and detaches producers.
 */
final class Handover {
    /*
     * Entries get their sequence ids and are handed over under one lock, so that ids grow in the order in which the
     * official producer queues them. The official producer takes its monitor within that call, and reports failures
     * while it holds the monitor. One rule therefore prevents deadlocks: the code that runs when a receipt or a failure
     * arrives (Receipts) only ever tries to take this lock. It settles the one entry by its flags, and the next entry
     * prunes the queue.
     *
     * Entries that a successor replays stay in flight all the while: they hold their room and their affinity, their
     * messages time out, and a late receipt still answers them. The successor becomes the publisher only when it has
     * all of them, so no newer entry can overtake. A buffer is reused only if just one producer ever had it. This is
     * decided without the lock: a thread that keeps an entry marks it first and then checks whether it has been
     * released; a thread that delivers a receipt releases the entry first and then checks for the mark. So either the
     * entry is not handed over again, or its buffer is not reused.
     */
    private final String name;
    private final LaneContext context;
    private final Scheduler scheduler;
    private final LaneListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final InFlight inFlight;
    private final Receipts receipts;
    private volatile long nextSequenceId; // written under lock
    private volatile @Nullable EntryPublisher publisher; // written under lock
    private volatile @Nullable EntryPublisher doomed; // gets no more entries, whatever it reports about itself

    @GuardedBy("lock")
    private @Nullable Replay replay; // the successor is not the publisher yet

    @GuardedBy("lock")
    private boolean everSent;

    private volatile long lastDisconnected; // written under lock

    /**
     * Creates a hand-over without a producer.
     *
     * @param name the lane's name, for messages
     * @param progressed called when the client has reported the fate of an entry, maybe with the client's locks held
     */
    Handover(String name, LaneContext context, LaneListener listener, Receipts.Progress progressed) {
        this.name = name;
        this.context = context;
        this.scheduler = context.scheduler();
        this.listener = listener;
        this.inFlight = new InFlight(lock, context, this::expired);
        this.receipts = new Receipts(name, context, listener, inFlight, progressed, this::doom);
    }

    private void expired(Send send) {
        receipts.expired(send);
    }

    /**
     * Attaches a producer. It first gets the entries that a dead producer left, if they were kept, and then new
     * entries.
     *
     * @param whenLive run as soon as the producer takes new entries: before this method returns, or on the control
     *     thread
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

    /** Hands over some of the kept entries, and the rest later: the control thread has other work to do. */
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
                case TAKEN -> {
                    context.counters().replayed(attempt.entry().messages());
                    observeHanded(attempt.entry());
                    receipts.follow(attempt);
                }
                case FULL -> {
                    scheduler.schedule(WaitingQueue.FULL_RETRY, () -> replaySome(mine));
                    return;
                }
                default -> {
                    return; // its death has been reported
                }
            }
        } while (!turn.isOverAfterStep());
        scheduler.execute(() -> replaySome(mine));
    }

    /** Returns null if no entry is left: then the successor has become the publisher. */
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

    /** Hands no new entries to the producer. Its receipts still answer the entries that it already has. */
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

    /** Detaches a dead producer, and keeps the entries that were handed to it for its successor. */
    void suspend(@Nullable Throwable cause) {
        scheduler.assertCurrent();
        List<Entry> kept;
        lock.lock();
        try {
            takeAway();
            kept = inFlight.keepAll();
        } finally {
            lock.unlock();
        }
        if (context.areObserved()) {
            kept.forEach(entry -> observe(entry, observation -> observation.died(name, cause)));
        }
    }

    /**
     * Detaches the producer for good, and answers all entries that were handed to it or to a predecessor.
     *
     * @param why the reason that each answer gives
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
     * Stops the hand-over to a producer that has failed its entries but keeps running: the entries kept for its
     * successor must come before any newer entry. Never waits for the lock.
     */
    void doom(EntryPublisher which) {
        doomed = which;
    }

    /** Hands an entry to the producer. If that fails, the entry is answered, since the producer may have it. */
    OfferResult hand(Entry entry) {
        try {
            return handOver(entry);
        } catch (Throwable failure) { // the thread's stack or the heap is full
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
            inFlight.add(entry); // first: if anything fails from here on, an entry that the client may have is found
            boolean isRefused = false;
            try {
                attempt = attempt(current, entry);
                isRefused = attempt.result() != OfferResult.TAKEN;
                if (isRefused) {
                    inFlight.removeLast(entry);
                    return attempt.result();
                }
            } finally {
                if (!isRefused) { // no other entry may get an id that the client may have
                    nextSequenceId = Math.max(nextSequenceId, entry.sequenceId() + 1);
                    everSent = true;
                }
            }
        } finally {
            lock.unlock();
        }
        observeHanded(entry);
        receipts.follow(attempt);
        return OfferResult.TAKEN;
    }

    /** Tells the observers of its messages that a producer has it: with no lock held, and before its fate is known. */
    private void observeHanded(Entry entry) {
        if (context.areObserved()) {
            observe(entry, observation -> observation.handed(name, context.partition(), entry.sequenceId()));
        }
    }

    private void observe(Entry entry, Consumer<Observation> telling) {
        List<Send> sends = new ArrayList<>(entry.messages());
        entry.addSends(sends);
        for (Send send : sends) {
            Observation observation = send.observation();
            if (observation != null) {
                telling.accept(observation);
            }
        }
    }

    /** Hands an entry to the given producer, and detaches the producer if it turns out to be dead. */
    @GuardedBy("lock")
    private Attempt attempt(EntryPublisher taker, Entry entry) {
        Attempt attempt = Attempt.of(taker, entry);
        if (attempt.result() == OfferResult.DOWN) {
            takeAway();
            scheduler.execute(() -> listener.died(taker, attempt.refusal()));
        }
        return attempt;
    }

    /** Answers an entry that the producer may or may not have. */
    void abandon(Entry entry, Throwable cause) {
        receipts.died(entry, "failed to hand it over: " + cause, cause);
    }

    /** The maximum size in bytes of a batch that is sent now, including the metadata of the whole batch. */
    int maxBatchBytes() {
        EntryPublisher current = publisher;
        return current == null ? Integer.MAX_VALUE : current.maxBatchBytes();
    }

    /** Whether a producer is attached, connected or not. */
    boolean isLive() {
        return publisher != null;
    }

    /** Whether a message would probably be sent now: the producer is connected, and receipts arrive. */
    boolean isHealthy() {
        EntryPublisher current = publisher;
        return current != null && current.isConnected() && !inFlight.isStalled();
    }

    /**
     * Whether the client seems to have forgotten an entry: nothing was heard of any entry for the given time, and the
     * oldest entry in flight timed out, or would be replayed.
     */
    boolean isStuck(Duration limit) {
        return inFlight.isStuck(limit, context.replays());
    }

    /** Notes that other lanes need not wait for entries of which nothing is heard. Call from time to time. */
    void leavePaceIfStalled() {
        inFlight.leavePaceIfStalled();
    }

    /** Whether the attached producer is connected. */
    boolean isConnected() {
        EntryPublisher current = publisher;
        return current != null && current.isConnected();
    }

    /** The broker that the attached producer is connected to; null if it is not connected, or the broker is unknown. */
    @Nullable
    String broker() {
        EntryPublisher current = publisher;
        return current == null ? null : current.broker();
    }

    /** Messages handed over whose fate the client has not reported. */
    int inFlight() {
        return inFlight.messages();
    }

    /**
     * The highest sequence id that was given to an entry, or that the broker knew for the producer's name; -1 for none.
     */
    long highestSequenceId() {
        return nextSequenceId - 1;
    }

    /** Entries handed over whose fate the client has not reported. */
    int entriesInFlight() {
        return inFlight.entries();
    }

    /** The time since the acceptance of the oldest message in flight; zero if none is in flight. */
    Duration oldestInFlight() {
        return inFlight.oldest();
    }

    /** The highest acknowledged sequence id; before the first receipt, the id that the broker knew, or -1. */
    long lastAcknowledged() {
        return receipts.lastAcknowledged();
    }

    /** When a producer of this lane last lost its connection, in milliseconds since the epoch; 0 if none did. */
    long lastDisconnected() {
        EntryPublisher current = publisher;
        return current == null ? lastDisconnected : Math.max(lastDisconnected, current.lastDisconnected());
    }
}
