package dev.vela.internal.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a handle that were accepted and are not completed, and whether the handle accepts messages.
 *
 * <p>Thread-safe; never blocks.
 */
public final class OpenSends {
    /*
     * Messages are counted by generation. A flush installs a new generation and waits for the old ones; a stop installs
     * none. A thread that accepts a message counts it first and then checks whether the generation is still current. A
     * flush replaces the generation before it reads the count. So either the flush finds the message, or the thread
     * finds the next generation and moves the message there.
     *
     * A lane counts many future messages at once, under its batcher's lock. Each flush takes back the unspent counts
     * under the same lock, after it has replaced the generation, so later counts belong to the next generation.
     */
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Generation> past = new ArrayList<>(); // not done, or not done when last checked

    private volatile @Nullable Generation current =
            new Generation(this); // written under lock; null when intake has ended

    /** Whether messages are accepted. */
    public boolean isTaking() {
        return current != null;
    }

    /** Counts messages as accepted. Returns their generation, or null if the handle accepts no more messages. */
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
     * Completes when all messages accepted before are completed, on the thread that completes the last of them:
     * normally, or with the first failure since this call.
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

    /** Completes normally when no message is open. Only once intake has ended. */
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
