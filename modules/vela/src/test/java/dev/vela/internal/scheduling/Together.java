package dev.vela.internal.scheduling;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs the same thing on several real threads at once, and does not wait for ever. */
public final class Together {

    private static final long PATIENCE_SECONDS = 60;

    private Together() {}

    /** What a thread does; it is told which one it is. */
    @FunctionalInterface
    public interface Work {
        void run(int thread) throws Exception;
    }

    /** Runs it on so many threads, which begin together. Fails with what one of them threw, or if they do not end. */
    public static void run(int threads, Work work) {
        CountDownLatch ready = new CountDownLatch(threads);
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            tasks.add(start("together-" + i, () -> {
                ready.countDown();
                ready.await();
                work.run(number);
            }));
        }
        tasks.forEach(Together::join);
    }

    /** Something that a thread does. */
    @FunctionalInterface
    public interface Task {
        void run() throws Exception;
    }

    /** Starts one thread. */
    public static FutureTask<Void> start(String name, Task task) {
        FutureTask<Void> running = new FutureTask<>(() -> {
            task.run();
            return null;
        });
        Thread thread = new Thread(running, name);
        thread.setDaemon(true);
        thread.start();
        return running;
    }

    /** Waits for a thread, but not for ever, and fails with what it threw. */
    public static void join(FutureTask<Void> task) {
        try {
            task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("a thread failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a thread does not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
