package dev.vela.view;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes to browsers, and drops those that read too slowly.
 *
 * <p>Thread-safe.
 */
final class Writes {

    private final long limitNanos;
    private final Set<Write> writes = ConcurrentHashMap.newKeySet();

    Writes(Duration limit) {
        this.limitNanos = limit.toNanos();
    }

    /** Writes all, or fails when the reader has not taken it in time. */
    void write(OutputStream out, byte[]... parts) throws IOException {
        Write write = new Write();
        writes.add(write);
        try {
            for (byte[] part : parts) {
                out.write(part);
            }
            out.flush();
        } finally {
            writes.remove(write);
            write.end();
        }
    }

    /** Ends the writes that take too long, and their connections with them. To be called about once a second. */
    void dropSlow() {
        writes.forEach(Write::dropIfSlow);
    }

    private final class Write {
        private final Thread thread = Thread.currentThread();
        private final long startNanos = System.nanoTime();
        private boolean dropped;
        private boolean over;

        synchronized void dropIfSlow() {
            if (!over && !dropped && System.nanoTime() - startNanos > limitNanos) {
                dropped = true;
                thread.interrupt(); // closes the channel in which the thread is writing
            }
        }

        synchronized void end() {
            over = true;
            if (dropped) {
                Thread.interrupted();
            }
        }
    }
}
