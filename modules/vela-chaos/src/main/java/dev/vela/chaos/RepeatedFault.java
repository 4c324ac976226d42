package dev.vela.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A fault that repeats an action, on a separate thread, until the fault ends. */
final class RepeatedFault implements Fault {

    private static final long END_MILLIS = 30_000;

    private final Duration period;
    private final Turn turn;
    private final Thread thread = new Thread(this::run, "chaos-repeat");
    private volatile boolean ended;

    /** The repeated action. */
    @FunctionalInterface
    interface Turn {
        /** Runs the action for the nth time, counted from 0. Occasional failures are expected. */
        void run(int n) throws Exception;
    }

    RepeatedFault(Duration period, Turn turn) {
        this.period = period;
        this.turn = turn;
    }

    @Override
    public void begin() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        for (int n = 0; !ended; n++) {
            try {
                turn.run(n);
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                // The state of the cluster does not allow the action; the next turn tries again.
            }
            try {
                TimeUnit.NANOSECONDS.sleep(period.toNanos());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void end() throws InterruptedException {
        ended = true;
        thread.interrupt();
        thread.join(END_MILLIS);
        if (thread.isAlive()) {
            throw new IllegalStateException("a repeated fault does not end");
        }
    }
}
