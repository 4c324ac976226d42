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
 * The way into one official producer, and into its successors under the same name.
 *
 * <p>Thread-safe. {@link #offer} may be called by any number of threads; {@link #attach} and {@link #detach} by the
 * control thread.
 */
public final class Lane {
    /*
     * Entries get their sequence ids and are handed over under one lock, so that ids grow in the order in which the
     * official producer queues them. The official producer takes its own monitor inside, and answers failures while it
     * holds it. Hence the rule that keeps this free of deadlock: what runs when a receipt or a failure arrives
     * (Receipts) never takes this lock, except to try; it settles the one entry by its flags, and leaves the
     * queue to be pruned by the next offer.
     *
     * Where a successor sends again what a dead producer left, that stays in flight all the while: it holds its room and
     * its affinity, its messages time out, and a late receipt still answers it. The successor becomes the publisher only
     * when it has all of it, so nothing newer can come before. A buffer is used again only if a single producer ever had
     * it. That is decided without this lock: who keeps an entry marks it first and looks afterwards whether it has been
     * released; who brings its receipt releases it first and looks afterwards for the mark. So either it is not handed
     * over again, or its buffer is left alone.
     */
    private final String name;
    private final LaneContext context;
    private final Scheduler scheduler;
    private final LaneListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final InFlight inFlight;
    private volatile long nextSequenceId; // written under lock
    private volatile @Nullable EntryPublisher publisher; // written under lock
    private volatile @Nullable EntryPublisher doomed; // nothing is handed to it any more, whatever it says of itself

    @GuardedBy("lock")
    private @Nullable Replay replay; // its successor is not the publisher yet

    @GuardedBy("lock")
    private boolean everSent;

    private final @Nullable Batcher batcher;
    private final Receipts receipts;
    private volatile long lastDisconnected; // written under lock

    /**
     * A lane without a producer.
     *
     * @param name the producer's name
     */
    public Lane(String name, LaneContext context, LaneListener listener) {
        this.name = name;
        this.context = context;
        this.scheduler = context.scheduler();
        this.listener = listener;
        this.inFlight = new InFlight(lock, scheduler, this::expired);
        this.batcher = context.batching() == null ? null : new Batcher(context.batching(), context, this);
        this.receipts = new Receipts(name, context, listener, inFlight, batcher, this::doom);
    }

    private void expired(Send send) {
        receipts.expired(send);
    }

    public String name() {
        return name;
    }

    /**
     * Gives the lane a producer. It first gets what a dead one left, if that was kept, and then what is new.
     *
     * @param whenLive run as soon as it takes what is new: before this returns, or on the control thread
     */
    public void attach(EntryPublisher fresh, Runnable whenLive) {
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
    public void endIntake() {
        flush();
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

    /**
     * Takes a dead producer away that will have a successor. What was handed to it is kept for that one, or answered, as
     * the policy has it; what was not is given back.
     *
     * @param why what is told with each answer
     */
    public void suspend(String why, Throwable cause) {
        if (!context.replays()) {
            detach(why, cause);
            return;
        }
        lock.lock();
        try {
            takeAway();
            inFlight.keepAll();
        } finally {
            lock.unlock();
        }
        returnUnsent();
    }

    /**
     * Takes the producer away for good, answers everything that was handed to it or to one before it (it left, and no
     * receipt came), and gives back what was not.
     *
     * @param why what is told with each answer
     */
    public void detach(String why, @Nullable Throwable cause) {
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
        returnUnsent();
    }

    @GuardedBy("lock")
    private void takeAway() {
        lastDisconnected = lastDisconnected();
        publisher = null;
        doomed = null;
        replay = null;
    }

    private void returnUnsent() {
        if (batcher != null) {
            batcher.returnAll();
        }
    }

    /**
     * Takes a message, and room for it if it holds none; hands it to the producer, at once or with others. Otherwise the message
     * may hold room here, but nothing else has changed.
     */
    public OfferResult offer(Send send) {
        if (publisher == null) {
            return OfferResult.DOWN;
        }
        return batcher == null ? offerAlone(send) : batcher.offer(send);
    }

    private OfferResult offerAlone(Send send) {
        WaitingQueue queue = context.queue();
        if (queue.isBefore(send)) {
            return OfferResult.FULL;
        }
        SingleEntry entry = new SingleEntry(send); // before it holds anything: there may be no memory
        return send.tryEnter(context.admission(), queue.isOneOfMany(send)) ? hand(entry) : OfferResult.NO_ROOM;
    }

    /** Sends all partly filled entries now. */
    public void flush() {
        if (batcher != null) {
            batcher.flush();
        }
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

    /**
     * The producer has failed what it had, and goes on: what is kept for its successor must come before anything newer. Never
     * waits for the lock.
     */
    void doom(EntryPublisher which) {
        doomed = which;
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
    public boolean isLive() {
        return publisher != null;
    }

    /** Whether a message would probably leave now: connected, and receipts are coming. */
    public boolean isHealthy() {
        EntryPublisher current = publisher;
        return current != null && current.isConnected() && !inFlight.isStalled();
    }

    /**
     * Whether the client seems to have forgotten an entry: nothing was heard of any for so long, and the oldest in flight
     * timed out, or would be sent again.
     */
    public boolean isStuck(Duration limit) {
        return inFlight.isStuck(limit, context.replays());
    }

    /** Whether the attached producer is connected. */
    public boolean isConnected() {
        EntryPublisher current = publisher;
        return current != null && current.isConnected();
    }

    /** Messages handed over whose fate the client has not told. */
    public int inFlight() {
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

    /** How many entries have been closed so far; 0 without batching. Messages that see the same number share one. */
    public long batchGeneration() {
        return batcher == null ? 0 : batcher.generation();
    }

    /** Room taken for messages yet to come, which counts as pending. */
    public Reserve reserve() {
        return batcher == null ? Reserve.NONE : batcher.reserve();
    }

    /** How long the oldest message in flight has been on its way, from its acceptance; zero if none is. */
    public Duration oldestInFlight() {
        return inFlight.oldest();
    }

    /** The highest sequence id of which a receipt has come; before the first, the one that the broker knew, or -1. */
    public long lastAcknowledged() {
        return receipts.lastAcknowledged();
    }

    /** When a producer of this lane last lost its connection, in milliseconds of the epoch; 0 if none did. */
    public long lastDisconnected() {
        EntryPublisher current = publisher;
        return current == null ? lastDisconnected : Math.max(lastDisconnected, current.lastDisconnected());
    }
}
