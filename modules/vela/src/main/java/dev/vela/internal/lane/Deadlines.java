package dev.vela.internal.lane;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages or entries in order, and the time at which the first of them must be checked.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class Deadlines<E extends Deadlines.Timed> {
    /*
     * One timer serves all entries. It is set for the earliest deadline ever added. When the timer fires, the owner
     * sweeps and sets the timer for the earliest remaining deadline. If all messages have the same timeout, one sweep
     * runs per timeout, no matter how many messages pass.
     *
     * An addition with an earlier deadline resets the timer. The old timer may still fire. It must not set another
     * timer then, or both would go on forever: a sweep is due only if the time that was set last has come.
     *
     * A sweep finds a limited number of messages, and the next sweep finds the rest, so that the control thread can do
     * other work in between.
     */
    /** A message, or several that share an entry. Guarded by the owner's lock. */
    interface Timed {
        /** The earliest deadline among the messages whose answer is not queued. */
        long deadline();

        /** Whether the answers of all messages have been given, or are queued. */
        boolean isAnswered();

        /** Adds the messages whose deadline has come and whose answer is not queued. */
        void expire(long now, List<Send> into);
    }

    private final ArrayDeque<E> entries = new ArrayDeque<>(1); // most lanes of many are idle
    private boolean armed;
    private long armedFor;

    /**
     * Puts entries before all others, in the given order. Returns the entry for whose deadline a sweep must be
     * scheduled, or null.
     */
    @Nullable
    E addFirst(List<E> some) {
        @Nullable E urgent = null;
        for (int i = some.size() - 1; i >= 0; i--) {
            E entry = some.get(i);
            entries.addFirst(entry);
            if (arm(entry.deadline())) {
                urgent = entry;
            }
        }
        return urgent;
    }

    /** Adds an entry. Returns whether a sweep must be scheduled for its deadline. */
    boolean add(E entry) {
        entries.addLast(entry);
        return arm(entry.deadline());
    }

    @Nullable
    E peek() {
        return entries.peekFirst();
    }

    void removeFirst() {
        entries.removeFirst();
    }

    void removeLast() {
        entries.removeLast();
    }

    void removeAll(Set<E> some) {
        entries.removeAll(some);
    }

    /** Removes the entries at the head for which nothing is left to do. */
    void prune(Predicate<E> isDone) {
        E head = entries.peekFirst();
        while (head != null && isDone.test(head)) {
            entries.removeFirst();
            head = entries.peekFirst();
        }
    }

    int size() {
        return entries.size();
    }

    List<E> all() {
        return new ArrayList<>(entries);
    }

    List<E> removeAll() {
        List<E> all = all();
        entries.clear();
        return all;
    }

    /** Removes the entries whose deadline has come, up to {@code most}, in order. Cheap if they are at the head. */
    List<E> takeExpired(long now, int most) {
        List<E> expired = new ArrayList<>();
        E head = entries.peekFirst();
        while (head != null && expired.size() < most && head.deadline() - now <= 0) {
            expired.add(entries.removeFirst());
            head = entries.peekFirst();
        }
        if (expired.size() < most) {
            entries.removeIf(entry -> expired.size() < most && entry.deadline() - now <= 0 && expired.add(entry));
        }
        return expired;
    }

    /** Whether a sweep is due. If so, the caller must sweep. */
    boolean isDue(long now) {
        if (!armed || armedFor - now > 0) {
            return false;
        }
        armed = false;
        return true;
    }

    /**
     * The messages whose deadline has come and whose answer is not queued: {@code most}, plus those that share the last
     * entry.
     */
    List<Send> expired(long now, int most) {
        List<Send> expired = new ArrayList<>();
        for (E entry : entries) {
            if (!entry.isAnswered() && entry.deadline() - now <= 0) {
                entry.expire(now, expired);
                if (expired.size() >= most) {
                    break;
                }
            }
        }
        return expired;
    }

    /** Arms the next sweep at once, after a sweep that may have left some messages. */
    Duration again(long now) {
        armed = true;
        armedFor = now;
        return Duration.ZERO;
    }

    /** Disarms the sweep until an entry is added. */
    void disarm() {
        armed = false;
    }

    /** Arms the next sweep after a sweep. Returns the time until it is due, or null if nothing is left to wait for. */
    @Nullable
    Duration rearm(long now) {
        @Nullable Duration next = null;
        for (E entry : entries) {
            if (!entry.isAnswered() && entry.deadline() - now > 0 && arm(entry.deadline())) {
                next = untilSweep(now);
            }
        }
        return next;
    }

    /** The time from now until the armed sweep. */
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
}
