package dev.vela.internal.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a handle that were accepted and are not completed, and whether the handle accepts any.
 *
 * <p>Thread-safe; never blocks.
 */
public final class OpenSends {
    /*
     * Messages are counted by generations. A flush puts a new one in place and waits for the old ones; a stop puts none in
     * place. A thread that accepts a message counts it first and looks afterwards whether that generation is still the current
     * one. So either the flush, which replaces the generation before it looks at the count, finds the message; or the thread
     * finds the next generation, and moves over to it.
     *
     * A lane counts many at once, for messages that are yet to come. It does so under its batcher's lock, under which each flush
     * takes what is left of them: after the generation was replaced, so what is counted later is counted in the next one.
     */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Generation> past = new ArrayList<>(); // those that are not done, or were not

    private volatile @Nullable Generation current =
            new Generation(this); // written under lock; null when intake has ended

    /** Whether messages are accepted. */
    public boolean isTaking() {
        return current != null;
    }

    /** Counts messages as accepted. Returns the generation that they belong to, or null if none are accepted any more. */
    @Nullable
    Generation accept(int messages) {
        Generation found = current;
        while (found != null) {
            found.accepted(messages);
            Generation now = current;
            if (now == found) {
                return found;
            }
            found.completed(messages);
            found = now;
        }
        return null;
    }

    /** Accepts no messages from now on. */
    public void endIntake() {
        lock.lock();
        try {
            Generation last = current;
            if (last != null) {
                past.add(last);
                current = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Completes when all that was accepted before is completed, on whatever thread completes the last of it: normally, or with
     * the first failure that came since this was called.
     */
    public CompletableFuture<Void> flush() {
        List<CompletableFuture<Void>> done = new ArrayList<>();
        lock.lock();
        try {
            past.removeIf(Generation::isDone);
            Generation replaced = current;
            if (replaced != null && !replaced.isDone()) {
                past.add(replaced);
                current = new Generation(this);
            }
            past.forEach(generation -> done.add(generation.whenDone()));
        } finally {
            lock.unlock();
        }
        return CompletableFuture.allOf(done.toArray(CompletableFuture<?>[]::new));
    }

    /** Completes normally when nothing is open. Only once intake has ended. */
    public CompletableFuture<Void> whenSettled() {
        return flush().handle((done, failure) -> null);
    }

    /** Messages that were accepted and are not completed. */
    public long open() {
        lock.lock();
        try {
            Generation now = current;
            return past.stream().mapToLong(Generation::open).sum() + (now == null ? 0 : now.open());
        } finally {
            lock.unlock();
        }
    }
}
