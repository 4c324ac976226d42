package dev.vela.internal.lane;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where accepted messages wait, in order, for a producer that can take them.
 *
 * <p>Thread-safe. Whoever parks may do so on any thread; the queue is worked off on the control thread alone. While
 * anything waits, later messages must wait behind it, or they would overtake: see {@link #isEmpty()}.
 */
public final class WaitingQueue {
    /*
     * A message counts as waiting until it has been handed over, not until it was taken from the queue: between the two,
     * a later message of the same thread must not find the lobby empty.
     *
     * No wake-up is lost: every park asks for a round on the control thread after it has queued its message, and every
     * change that could matter (a lane attached, a state changed) asks for one too, so whichever comes last sees both.
     *
     * What is held does not hold up others, but for those with the same affinity. It may be much, and be held for long: so
     * rounds keep a distance then, in which those that may pass it gather. That it is held no longer may be seen by nobody,
     * such as when a late receipt comes for what is before it: so it is looked at from time to time.
     */
    static final Duration FULL_RETRY = Duration.ofMillis(5);
    static final Duration HELD_RETRY = Duration.ofMillis(50);
    private static final long MOST_PASS_NANOS =
            Duration.ofMillis(25).toNanos(); // that it takes longer is a pause's doing

    private final Scheduler scheduler;
    private final Router receptionist;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deadlines<SingleEntry> waiting = new Deadlines<>(); // guarded by lock
    private final Alarm alarm; // guarded by lock
    private final AtomicBoolean roundAsked = new AtomicBoolean();
    private volatile boolean anyHeld; // written by the control thread, or under lock
    private volatile long passTook; // written by the control thread; nanoseconds of the last look at what may pass
    private volatile int size; // written under lock
    private final AtomicInteger takenBack = new AtomicInteger();
    private boolean retryScheduled; // control thread only
    private boolean anyHandedOver; // control thread only; since the receptionist was told

    /** Decides what becomes of those that wait. */
    public interface Router {
        /**
         * Whether rounds make sense; while they do not, all wait. Whoever changes that asks for a round afterwards. Called on
         * the control thread.
         */
        default boolean isOpen() {
            return true;
        }

        /** Tries to hand over one that waits, in its turn. Called on the control thread. */
        OfferResult admit(Send send);

        /** Some were handed over, and have waited long enough: they leave now. Called on the control thread. */
        void handedOver();

        /** Why waiting is in vain, or null while it is not. Called on the control thread for the one whose turn it is. */
        @Nullable
        Throwable refusal(Send send);

        /** The failure of one whose time ran out here. */
        Throwable expired(Send send);

        /** Answers one with a failure; it has been released. */
        void failed(Send send, Throwable cause);
    }

    public WaitingQueue(Scheduler scheduler, Router receptionist) {
        this.scheduler = scheduler;
        this.receptionist = receptionist;
        this.alarm = new Alarm(scheduler, this::sweep);
    }

    /** Whether nothing waits, so that a message may go ahead. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Messages waiting now. */
    public int size() {
        return size;
    }

    /** Queues a message and asks for a round. */
    public void park(Send send) {
        SingleEntry entry = new SingleEntry(send);
        lock.lock();
        try {
            if (waiting.add(entry)) {
                alarm.setFor(entry.deadline());
            }
            size = waiting.size();
        } finally {
            lock.unlock();
        }
        askForRound();
    }

    /**
     * Queues messages that a lane gives back, before all others: they were there first. On the control thread.
     *
     * @param verdict why they were given back: full, or down
     */
    public void takeBack(List<Send> sends, OfferResult verdict) {
        List<SingleEntry> entries = sends.stream().map(SingleEntry::new).toList();
        lock.lock();
        try {
            SingleEntry urgent = waiting.addFirst(entries);
            if (urgent != null) {
                alarm.setFor(urgent.deadline());
            }
            size = waiting.size();
            takenBack.incrementAndGet();
        } finally {
            lock.unlock();
        }
        if (verdict == OfferResult.FULL) {
            retryLater(FULL_RETRY);
        } else {
            askForRound();
        }
    }

    /** Changes whenever messages come back from a lane: who looks for one here and then there has missed none if it did not. */
    public int takenBack() {
        return takenBack.get();
    }

    /** Has the queue looked at on the control thread, soon. */
    public void askForRound() {
        if (size > 0 && roundAsked.compareAndSet(false, true)) {
            if (anyHeld) {
                scheduler.schedule(Turn.rested(FULL_RETRY, Math.min(passTook, MOST_PASS_NANOS)), this::round);
            } else {
                scheduler.execute(this::round);
            }
        }
    }

    /** Hands on what it can, up to a turn of it: compression and encryption are in that, and the thread has more to do. */
    private void round() {
        roundAsked.set(false);
        if (!receptionist.isOpen()) {
            return;
        }
        Turn turn = new Turn(scheduler);
        @Nullable OfferResult last = null;
        @Nullable Send head = first();
        boolean isOver = false;
        while (head != null && !isOver) {
            last = receptionist.admit(head);
            anyHandedOver |= last == OfferResult.TAKEN;
            if (last != OfferResult.TAKEN && !wasTurnedAway(head, last)) {
                break;
            }
            removeFirst();
            isOver = turn.isOverAfterStep();
            head = first();
        }
        anyHeld = last == OfferResult.HELD;
        if (anyHeld && head != null) {
            long begun = scheduler.nanoTime();
            try {
                isOver = passBy(head, turn);
            } finally {
                passTook = scheduler.nanoTime() - begun;
                retryLater(HELD_RETRY);
            }
        }
        if (isOver && head != null) {
            goOn();
        } else if (anyHandedOver) {
            anyHandedOver = false;
            receptionist.handedOver();
        }
    }

    private void goOn() {
        if (roundAsked.compareAndSet(false, true)) {
            scheduler.execute(this::round);
        }
    }

    /** Hands on what may go ahead of the first in the queue, which is held. Returns whether it left some for another turn. */
    private boolean passBy(Send head, Turn turn) {
        Set<SingleEntry> gone = new HashSet<>();
        Set<Integer> held = new HashSet<>(Set.of(head.affinity()));
        try {
            for (SingleEntry entry : waiting()) {
                Send send = entry.send();
                if (held.contains(send.affinity())) {
                    continue;
                }
                // One with an id of its own would make the broker drop those that are held, should they take the same
                // way.
                OfferResult verdict =
                        send.message().chosenSequenceId() >= 0 ? OfferResult.HELD : receptionist.admit(send);
                if (verdict == OfferResult.HELD) {
                    held.add(send.affinity());
                } else if (verdict == OfferResult.TAKEN || wasTurnedAway(send, verdict)) {
                    anyHandedOver |= verdict == OfferResult.TAKEN;
                    gone.add(entry);
                    if (turn.isOverAfterStep()) {
                        return true;
                    }
                } else {
                    break;
                }
            }
        } finally {
            remove(gone);
        }
        return false;
    }

    /** Answers one that waits in vain. Otherwise it stays, and so does all that is behind it. */
    private boolean wasTurnedAway(Send send, OfferResult verdict) {
        if (verdict == OfferResult.FULL) {
            retryLater(FULL_RETRY);
            return false;
        }
        if (verdict == OfferResult.HELD) {
            return false;
        }
        Throwable refusal = receptionist.refusal(send);
        if (refusal == null) {
            return false;
        }
        turnAway(send, refusal);
        return true;
    }

    private void retryLater(Duration delay) {
        if (!retryScheduled) {
            retryScheduled = true;
            scheduler.schedule(delay, () -> {
                retryScheduled = false;
                askForRound();
            });
        }
    }

    private void sweep() {
        long now = scheduler.nanoTime();
        List<SingleEntry> expired;
        lock.lock();
        try {
            if (!waiting.isDue(now)) {
                return;
            }
            expired = waiting.takeExpired(now, Turn.MOST_STEPS);
            Duration next = expired.size() < Turn.MOST_STEPS ? waiting.rearm(now) : waiting.again(now);
            if (next != null) {
                alarm.setIn(Turn.rested(next, scheduler.nanoTime() - now));
            }
            shrunk();
        } finally {
            lock.unlock();
        }
        for (SingleEntry entry : expired) {
            turnAway(entry.send(), receptionist.expired(entry.send()));
        }
    }

    /** Fails all that wait, for one cause. On the control thread. */
    public void failAll(Supplier<? extends Throwable> cause) {
        List<SingleEntry> all;
        lock.lock();
        try {
            all = waiting.removeAll();
            shrunk();
        } finally {
            lock.unlock();
        }
        if (!all.isEmpty()) {
            Throwable shared = cause.get();
            all.forEach(entry -> turnAway(entry.send(), shared));
        }
    }

    /** Under the lock. */
    private void shrunk() {
        size = waiting.size();
        if (size == 0) {
            anyHeld = false;
            waiting.disarm();
            alarm.cancel();
        }
    }

    /** Adds all that waits. */
    public void unanswered(List<Send> into) {
        lock.lock();
        try {
            waiting.all().forEach(entry -> into.add(entry.send()));
        } finally {
            lock.unlock();
        }
    }

    /** Answers a message that was let in but must not wait. */
    public void turnAway(Send send, Throwable cause) {
        if (send.release()) {
            receptionist.failed(send, cause);
        }
    }

    private @Nullable Send first() {
        lock.lock();
        try {
            SingleEntry head = waiting.peek();
            return head == null ? null : head.send();
        } finally {
            lock.unlock();
        }
    }

    private void removeFirst() {
        lock.lock();
        try {
            waiting.removeFirst();
            shrunk();
        } finally {
            lock.unlock();
        }
    }

    private List<SingleEntry> waiting() {
        lock.lock();
        try {
            return waiting.all();
        } finally {
            lock.unlock();
        }
    }

    private void remove(Set<SingleEntry> gone) {
        if (gone.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            waiting.removeAll(gone);
            shrunk();
        } finally {
            lock.unlock();
        }
    }
}
