package dev.vela.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The threads of another process, as the kernel shows them. Linux only: other systems do not show them. */
final class ProcessThreads {
    private static final long POLL_MILLIS = 1;

    private final Path tasks;

    ProcessThreads(long pid) {
        this.tasks = Path.of("/proc", Long.toString(pid), "task");
    }

    /**
     * Waits until all threads are stopped, or have ended. SIGSTOP stops each thread when the thread next enters the
     * kernel, and the command that sends the signal does not wait: on a busy machine some threads continue for a
     * moment.
     *
     * @throws LocalPulsarException if some threads still run after the limit
     */
    void awaitStopped(Duration limit) throws InterruptedException {
        if (!Files.isDirectory(tasks)) {
            return;
        }
        long end = System.nanoTime() + limit.toNanos();
        while (!areStopped()) {
            if (System.nanoTime() - end >= 0) {
                throw new LocalPulsarException(
                        "threads of " + tasks + " did not stop within " + limit.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private boolean areStopped() {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                if (!isStopped(thread)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + tasks, e);
        }
    }

    /**
     * The state follows the name, which is in parentheses and may hold any character. A thread that waits for a device
     * (D) stops before it runs any user code.
     */
    private static boolean isStopped(Path thread) {
        String stat;
        try {
            stat = Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            return true; // the thread has ended
        }
        int name = stat.lastIndexOf(')');
        char state = stat.charAt(name + 2);
        return "TtDZX".indexOf(state) >= 0;
    }
}
