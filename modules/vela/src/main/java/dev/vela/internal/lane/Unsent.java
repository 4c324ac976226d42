package dev.vela.internal.lane;

import dev.vela.Batching;
import dev.vela.internal.scheduling.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a lane has taken and not handed over, in order: in entries that are closed, or being filled.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class Unsent {
    /*
     * Messages that could not be handed over, or whose producer was lost before the hand-over, go back to the waiting
     * queue with all messages behind them, in order. Until they are queued there, they are in "returning", and no new
     * message may be taken, since it would overtake them.
     */
    private final Scheduler scheduler;
    private final Handover handover;
    private final OpenEntries open;
    private final AtomicLong timesClosed;
    private final HandoverQueue closed = new HandoverQueue();
    private final List<List<Send>> returning = new ArrayList<>();
    private long lastClosed;

    /**
     * Creates an empty queue.
     *
     * @param timesClosed counts how often open entries are closed
     */
    Unsent(Batching batching, LaneContext context, Handover handover, AtomicLong timesClosed) {
        this.scheduler = context.scheduler();
        this.handover = handover;
        this.timesClosed = timesClosed;
        this.lastClosed = scheduler.nanoTime() - LeavePolicy.SPACING_NANOS;
        this.open = new OpenEntries(batching, context);
    }

    /** Puts a message into an entry. An entry that the message may not join is closed before. */
    void add(Send send) {
        if (open.isEmpty()) {
            open.begin(handover.maxBatchBytes()); // the limit is checked again when the entry is sent
        }
        if (!open.mayShare(send) || mayBeStored(send)) {
            close();
            send.acceptAt(scheduler.nanoTime());
            closed.add(new SingleEntry(send));
            return;
        }
        if (!open.hasPlaceFor(send)) {
            close();
        }
        open.add(send);
    }

    /**
     * Whether the application chose a sequence id that it, or an earlier application, may have sent before. Such a
     * message is sent alone: if an entry were composed differently from the first time, the broker would store it
     * because of its last message, and would store its other messages twice.
     */
    private boolean mayBeStored(Send send) {
        long chosen = send.message().chosenSequenceId();
        return chosen >= 0
                && (chosen <= closed.highestChosenId()
                        || chosen <= handover.highestSequenceId()
                        || open.hasReached(chosen));
    }

    /** Whether an entry is being filled. */
    boolean isOpen() {
        return !open.isEmpty();
    }

    /** Whether the entry that is being filled is full. */
    boolean isFull() {
        return open.isFull();
    }

    /** The time since which the oldest message of an open entry waits. Only if one is open. */
    long openSince() {
        return open.since();
    }

    /** The earliest deadline of a message in an open entry. Only if one is open. */
    long openDeadline() {
        return open.deadline();
    }

    /** Closes all open entries, if any: they are sent in their turn. */
    void close() {
        if (!open.isEmpty()) {
            open.close(closed::add);
            lastClosed = scheduler.nanoTime();
            timesClosed.incrementAndGet();
        }
    }

    /** The time at which an open entry was last closed. */
    long lastClosed() {
        return lastClosed;
    }

    /** Closed entries that wait, excluding the entry in hand. */
    int waiting() {
        return closed.waiting();
    }

    /** Closed entries, including the entry in hand. */
    int closed() {
        return closed.unhanded();
    }

    /** Takes the next closed entry in hand; null if there is none. */
    @Nullable
    Entry next() {
        return closed.take(handover::maxBatchBytes);
    }

    /** The entry in hand; null if there is none. */
    @Nullable
    Entry inHand() {
        return closed.inHand();
    }

    /** Lets go of the entry in hand, if any: it was handed over. Returns whether other closed entries wait. */
    boolean handed() {
        closed.letGo();
        return closed.waiting() > 0;
    }

    /** Whether messages are on their way back to the waiting queue. */
    boolean isReturning() {
        return !returning.isEmpty();
    }

    /**
     * Takes out all messages. They count as returning until {@link #returned}.
     *
     * @param refused the entry in hand, which the producer refused; null if it is, or will be, handed over
     */
    List<Send> takeOut(@Nullable Entry refused) {
        List<Send> sends = new ArrayList<>();
        if (refused != null) {
            refused.addSends(sends);
        }
        closed.addSends(sends);
        open.addSends(sends);
        returning.add(sends); // all are collected: nothing allocates from here on
        closed.clear();
        open.clear();
        if (refused != null) {
            closed.letGo();
        }
        return sends;
    }

    /** Notes that messages that were taken out are in the waiting queue. */
    void returned(List<Send> sends) {
        returning.removeIf(those -> those == sends);
    }
}
