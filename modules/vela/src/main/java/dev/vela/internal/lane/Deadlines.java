package dev.vela.internal.lane;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends in their order, and the time at which the first of them must be looked at.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class Deadlines {
    /*
     * One timer for all, not one for each: it is set for the earliest deadline ever added, and when it rings the owner
     * sweeps and sets it for the earliest one left. Where all messages have the same timeout, that is one sweep for each
     * timeout, however many messages pass.
     *
     * An addition with an earlier deadline sets a new timer, and the old one still rings. It must not set another then,
     * or each would go on for ever: a sweep is due only if the time that was set last has come. Example: one at 30 s,
     * then one at 5 s. At 5 s the sweep sets a timer for 30 s, where the first one rings, too: whichever rings second
     * finds the time set for later, or for never, and does nothing.
     */
    private final ArrayDeque<Send> sends = new ArrayDeque<>();
    private boolean armed;
    private long armedFor;

    /** Adds one. Returns whether a sweep must be scheduled for its deadline. */
    boolean add(Send send) {
        sends.addLast(send);
        return arm(send.deadline());
    }

    @Nullable
    Send peek() {
        return sends.peekFirst();
    }

    void removeFirst() {
        sends.removeFirst();
    }

    /** Forgets those at the head for which nothing is left to do. */
    void prune(Predicate<Send> isDone) {
        Send head = sends.peekFirst();
        while (head != null && isDone.test(head)) {
            sends.removeFirst();
            head = sends.peekFirst();
        }
    }

    int size() {
        return sends.size();
    }

    List<Send> all() {
        return new ArrayList<>(sends);
    }

    List<Send> removeAll() {
        List<Send> all = all();
        sends.clear();
        return all;
    }

    /** Forgets those whose time has come. */
    void prune(long now) {
        sends.removeIf(send -> send.deadline() - now <= 0);
    }

    /** Whether the time of the sweep has come. If so, the caller must sweep. */
    boolean isDue(long now) {
        if (!armed || armedFor - now > 0) {
            return false;
        }
        armed = false;
        return true;
    }

    /** Those whose time has come and that have no answer yet. */
    List<Send> expired(long now) {
        List<Send> expired = new ArrayList<>();
        for (Send send : sends) {
            if (!send.isAnswered() && send.deadline() - now <= 0) {
                expired.add(send);
            }
        }
        return expired;
    }

    /** After a sweep: how long until the next one is due, or null if there is nothing to wait for. */
    @Nullable
    Duration rearm(long now) {
        @Nullable Duration next = null;
        for (Send send : sends) {
            if (!send.isAnswered() && send.deadline() - now > 0 && arm(send.deadline())) {
                next = untilSweep(now);
            }
        }
        return next;
    }

    /** How long from now until the armed sweep. */
    Duration untilSweep(long now) {
        return Duration.ofNanos(Math.max(0, armedFor - now));
    }

    private boolean arm(long deadline) {
        if (armed && deadline - armedFor >= 0) {
            return false;
        }
        armed = true;
        armedFor = deadline;
        return true;
    }

    /** Schedules the sweep that an addition asked for. */
    static void schedule(Scheduler scheduler, Send send, Runnable sweep) {
        scheduler.schedule(Duration.ofNanos(Math.max(0, send.deadline() - scheduler.nanoTime())), sweep);
    }
}
