package dev.vela.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One that is done again and again, on a thread of its own, until it ends. */
final class RepeatedFault implements Fault {

    private static final long END_MILLIS = 30_000;

    private final Duration period;
    private final Turn turn;
    private final Thread thread = new Thread(this::run, "chaos-repeat");
    private volatile boolean ended;

    /** What is done each time. */
    @FunctionalInterface
    interface Turn {
        /** Does it the nth time, counted from 0. That it fails now and then is expected. */
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
                // The cluster is in no state to do it; it is tried again.
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
