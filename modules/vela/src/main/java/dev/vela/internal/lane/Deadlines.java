package dev.vela.internal.lane;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages or entries in their order, and the time at which the first of them must be looked at.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class Deadlines<E extends Deadlines.Timed> {
    /*
     * One timer for all, not one for each: it is set for the earliest deadline ever added, and when it rings the owner
     * sweeps and sets it for the earliest one left. Where all messages have the same timeout, that is one sweep for each
     * timeout, however many messages pass.
     *
     * An addition with an earlier deadline sets the timer anew. The old one may be about to ring all the same. It must not
     * set another then, or each would go on for ever: a sweep is due only if the time that was set last has come.
     *
     * A sweep finds so many at most, and the next one the rest, so that the control thread can do other things between.
     */
    /** A message, or several that share an entry. Guarded by the owner's lock. */
    interface Timed {
        /** The earliest time at which one of the messages must be answered, of those whose answer is not queued. */
        long deadline();

        /** Whether the answers of all messages have been given, or are queued. */
        boolean isAnswered();

        /** Adds the messages whose time has come and whose answer is not queued. */
        void expire(long now, List<Send> into);
    }

    private final ArrayDeque<E> entries = new ArrayDeque<>();
    private boolean armed;
    private long armedFor;

    /** Puts some before all others, in their order. Returns the one for whose deadline a sweep must be scheduled, or null. */
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

    /** Adds one. Returns whether a sweep must be scheduled for its deadline. */
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

    /** Forgets those at the head for which nothing is left to do. */
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

    /** Takes out those whose time has come, up to so many, in order. Cheap where they are the first. */
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

    /** Whether the time of the sweep has come. If so, the caller must sweep. */
    boolean isDue(long now) {
        if (!armed || armedFor - now > 0) {
            return false;
        }
        armed = false;
        return true;
    }

    /** Those whose time has come and whose answer is not in the queue yet: so many, and what shares an entry with the last. */
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

    /** After a sweep that may have left some: the next one is due at once. */
    Duration again(long now) {
        armed = true;
        armedFor = now;
        return Duration.ZERO;
    }

    /** No sweep is due until something is added. */
    void disarm() {
        armed = false;
    }

    /** After a sweep: how long until the next one is due, or null if there is nothing to wait for. */
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
}
