package dev.vela.internal.lane;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The queue in which accepted messages wait, in order, for a lane that takes them.
 *
 * <p>Thread-safe. Any thread may add a message; only the control thread drains. While any message waits, later messages
 * must wait behind it, or they would overtake: see {@link #isEmpty()}.
 */
public final class WaitingQueue implements Send.Queue {
    /*
     * A message counts as waiting until a lane has taken it: it is removed from the queue only afterwards, so that a
     * later message of the same thread does not find the queue empty in between.
     *
     * No wake-up is lost: each addition schedules a drain after the message is queued, and each relevant change (a lane
     * attached, a state changed) schedules a drain after the change. So the drain that is scheduled last sees both.
     *
     * A held message holds up only messages with the same affinity. Many messages may be held, and for a long time.
     * Drains are spaced out then, and messages that may pass gather in between. Possibly no thread notices that a
     * message is no longer held, for example when a late receipt arrives for the previous entry. The queue is therefore
     * checked from time to time.
     */
    static final Duration FULL_RETRY = Duration.ofMillis(5);
    static final Duration HELD_RETRY = Duration.ofMillis(50);
    private static final long MOST_PASS_NANOS =
            Duration.ofMillis(25).toNanos(); // if a pass takes longer, the machine paused

    private final Scheduler scheduler;
    private final QueueRouter router;
    private final WaitingSends waiting;
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private volatile boolean anyHeld; // written by the control thread
    private volatile long passTook; // written by the control thread; nanoseconds of the last pass over held messages
    private boolean retryScheduled; // control thread only
    private boolean anyTaken; // control thread only; since the router was notified

    /** Creates an empty queue. */
    public WaitingQueue(Scheduler scheduler, QueueRouter router) {
        this.scheduler = scheduler;
        this.router = router;
        this.waiting = new WaitingSends(scheduler, this::expire);
    }

    /** Whether no message waits, so that a new message need not wait. */
    public boolean isEmpty() {
        return waiting.size() == 0;
    }

    /** Messages waiting now. */
    public int size() {
        return waiting.size();
    }

    /**
     * Whether a message must wait behind other messages: true while any message waits, unless this message waits here
     * itself.
     */
    boolean isBefore(Send send) {
        return !isEmpty() && send.queue() != this;
    }

    /**
     * Whether a message waits in another queue when this queue's lanes do not take it: other lanes could take it, too.
     */
    boolean isOneOfMany(Send send) {
        Send.Queue its = send.queue();
        return its != null && its != this;
    }

    @Override
    public void add(Send send, OfferResult result) {
        Throwable refusal = result == OfferResult.DOWN ? router.refusal(send) : null;
        if (refusal != null) {
            fail(send, refusal);
            return;
        }
        send.waitIn(this);
        observe(send);
        waiting.add(send);
        scheduleDrain();
    }

    /**
     * Returns messages that a lane took but could not hand over, each to the front of its queue. On the control thread.
     *
     * @param result the reason: full, or down
     */
    void returnFirst(List<Send> sends, OfferResult result) {
        scheduler.assertCurrent();
        Map<Send.Queue, List<Send>> byQueue = new LinkedHashMap<>();
        for (Send send : sends) {
            Send.Queue its = send.queue();
            byQueue.computeIfAbsent(its == null ? this : its, absent -> new ArrayList<>())
                    .add(send);
        }
        byQueue.forEach((queue, returned) -> queue.addFirst(returned, result));
    }

    @Override
    public void addFirst(List<Send> sends, OfferResult result) {
        for (Send send : sends) {
            send.waitIn(this);
            observe(send);
        }
        waiting.addFirst(sends);
        if (result == OfferResult.FULL) {
            retryLater(FULL_RETRY);
        } else {
            scheduleDrain();
        }
    }

    /** Tells the observers of a message that it waits. */
    private static void observe(Send send) {
        Observation observation = send.observation();
        if (observation != null) {
            observation.waiting();
        }
    }

    /** Has the control thread drain the queue soon. */
    public void scheduleDrain() {
        if (!isEmpty() && drainScheduled.compareAndSet(false, true)) {
            boolean isScheduled = false;
            try {
                if (anyHeld) {
                    scheduler.schedule(Turn.rested(FULL_RETRY, Math.min(passTook, MOST_PASS_NANOS)), this::drain);
                } else {
                    scheduler.execute(this::drain);
                }
                isScheduled = true;
            } finally {
                if (!isScheduled) { // the stack or the heap is full: other threads must be able to schedule
                    drainScheduled.set(false);
                }
            }
        }
    }

    /**
     * Offers waiting messages for one turn: offering includes compression and encryption, and the thread has other
     * work.
     */
    private void drain() {
        drainScheduled.set(false);
        if (!router.isOpen()) {
            return;
        }
        Turn turn = new Turn(scheduler);
        @Nullable OfferResult last = null;
        @Nullable Send head = waiting.first();
        boolean isOver = false;
        while (head != null && !isOver) {
            last = router.offer(head);
            anyTaken |= last == OfferResult.TAKEN;
            if (last != OfferResult.TAKEN && !wasFailed(head, last)) {
                break;
            }
            waiting.removeFirst();
            isOver = turn.isOverAfterStep();
            head = waiting.first();
        }
        anyHeld = last == OfferResult.HELD;
        if (anyHeld && head != null) {
            long begun = scheduler.nanoTime();
            try {
                isOver = drainPastHeld(head, turn);
            } finally {
                passTook = scheduler.nanoTime() - begun;
                retryLater(HELD_RETRY);
            }
        }
        if (isOver && head != null) {
            goOn();
        } else if (anyTaken) {
            anyTaken = false;
            router.drained();
        }
    }

    private void goOn() {
        if (drainScheduled.compareAndSet(false, true)) {
            scheduler.execute(this::drain);
        }
    }

    /**
     * Offers the messages that may pass the first message, which is held. Returns whether some are left for another
     * turn.
     */
    private boolean drainPastHeld(Send head, Turn turn) {
        Set<Send> gone = new HashSet<>();
        Set<Integer> held = new HashSet<>(Set.of(head.affinity()));
        try {
            for (Send send : waiting.all()) {
                if (held.contains(send.affinity())) {
                    continue;
                }
                // A message with a chosen id would make the broker drop held messages that are sent the same way later.
                OfferResult result = send.message().chosenSequenceId() >= 0 ? OfferResult.HELD : router.offer(send);
                if (result == OfferResult.HELD) {
                    held.add(send.affinity());
                } else if (result == OfferResult.TAKEN || wasFailed(send, result)) {
                    anyTaken |= result == OfferResult.TAKEN;
                    gone.add(send);
                    if (turn.isOverAfterStep()) {
                        return true;
                    }
                } else {
                    break;
                }
            }
        } finally {
            waiting.remove(gone);
        }
        return false;
    }

    /** Fails a message if waiting is pointless. Otherwise the message stays, and so do all messages behind it. */
    private boolean wasFailed(Send send, OfferResult result) {
        switch (result) {
            case FULL, NO_ROOM -> {
                retryLater(FULL_RETRY);
                return false;
            }
            case DOWN -> {
                Throwable refusal = router.refusal(send);
                if (refusal != null) {
                    fail(send, refusal);
                }
                return refusal != null;
            }
            default -> {
                return false;
            }
        }
    }

    private void retryLater(Duration delay) {
        if (!retryScheduled) {
            scheduler.schedule(delay, () -> {
                retryScheduled = false;
                scheduleDrain();
            });
            retryScheduled = true;
        }
    }

    private void expire(Send send) {
        anyHeld &= !isEmpty();
        fail(send, router.expired(send));
    }

    /** Fails all waiting messages with one cause. On the control thread. */
    public void failAll(Supplier<? extends Throwable> cause) {
        scheduler.assertCurrent();
        List<Send> all = waiting.removeAll();
        anyHeld &= !isEmpty();
        if (!all.isEmpty()) {
            Throwable shared = cause.get();
            all.forEach(send -> fail(send, shared));
        }
    }

    /** Fails a message that was admitted and must not wait. */
    public void fail(Send send, Throwable cause) {
        if (send.release()) {
            router.failed(send, cause);
        }
    }

    List<Send> waiting() {
        return waiting.all();
    }
}
