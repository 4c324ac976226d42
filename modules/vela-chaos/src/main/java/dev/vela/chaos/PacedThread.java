package dev.vela.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread that repeats a step, with numbers from 0, until it is stopped. */
final class PacedThread {

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Thread thread;
    private volatile boolean stopped;

    /** A step that may fail. After a failure the next step, with the next number, follows half a second later. */
    @FunctionalInterface
    interface Step {
        void run(int number) throws Exception;
    }

    /** Creates a thread that waits for the given time after each step. */
    PacedThread(String name, Duration pause, Step step) {
        thread = new Thread(() -> run(pause.toNanos(), step), name);
        thread.setDaemon(true);
    }

    private void run(long pauseNanos, Step step) {
        for (int number = 0; !stopped; number++) {
            long pause = pauseNanos;
            try {
                step.run(number);
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                System.err.println(thread.getName() + " goes on after: " + e);
                pause = RETRY_NANOS;
            }
            if (!stopped) {
                LockSupport.parkNanos(pause);
            }
        }
    }

    void start() {
        thread.start();
    }

    void stop(Duration limit) throws InterruptedException {
        stopped = true;
        LockSupport.unpark(thread);
        thread.join(Math.max(1, limit.toMillis()));
        if (thread.isAlive()) {
            System.err.println(thread.getName() + " does not end");
            thread.interrupt();
        }
    }
}
