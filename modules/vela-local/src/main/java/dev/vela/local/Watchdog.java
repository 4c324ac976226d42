package dev.vela.local;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A shell that outlives this JVM by a moment: when this JVM ends, in whatever way, the shell kills the watched
 * processes and deletes the given folder.
 *
 * <p>Thread-safe. Without {@code /bin/sh} the watchdog does nothing, and only the servers' own check for the end of
 * input remains.
 */
final class Watchdog implements AutoCloseable {

    /*
     * A server halts by itself when its input ends, but not while it is frozen, and it cannot delete its own folder.
     * The shell reads process ids from a pipe whose other end only this JVM holds: "+" and the id of a process to kill,
     * "-" and the id of a process that is gone, because another process may have that id later. Signals from a terminal
     * go to the whole process group, and must not end the shell before its work.
     */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            pids=' '
            while read -r line; do
              pid=${line#?}
              case $line in
                +*) pids="$pids$pid " ;;
                -*) pids="${pids%% $pid *} ${pids#* $pid }" ;;
              esac
            done
            for pid in $pids; do kill -KILL "$pid"; done
            tries=0
            while [ -n "$1" ] && [ -e "$1" ] && [ $tries -lt 50 ]; do
              rm -rf -- "$1" || sleep 0.1
              tries=$((tries + 1))
            done
            """;

    static final Path SHELL = Path.of("/bin/sh");

    private final @Nullable Process shell;
    private final Set<Long> watched = new HashSet<>();

    /**
     * Creates a watchdog, and starts its shell.
     *
     * @param folder the folder to delete in the end; null for none
     */
    Watchdog(@Nullable Path folder) {
        try {
            shell = Files.isExecutable(SHELL) ? start(folder == null ? "" : folder.toString()) : null;
        } catch (IOException e) {
            throw new LocalPulsarException("cannot start the watchdog " + SHELL, e);
        }
    }

    private static Process start(String folder) throws IOException {
        return new ProcessBuilder(SHELL.toString(), "-c", SCRIPT, "vela-local-watchdog", folder)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
    }

    /** Watches a process, which must not outlive the JVM. */
    synchronized void watch(long pid) {
        if (watched.add(pid)) {
            send("+" + pid);
        }
    }

    /** Stops watching a process that is gone. Does nothing if the process is not watched. */
    synchronized void release(long pid) {
        if (watched.remove(pid)) {
            send("-" + pid);
        }
    }

    private void send(String line) {
        if (shell == null || !shell.isAlive()) {
            return;
        }
        try {
            OutputStream out = shell.getOutputStream();
            out.write((line + '\n').getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } catch (IOException e) {
            // The shell was killed; the server's own check of its input remains.
        }
    }

    /** Lets the shell do its work and end. */
    @Override
    public synchronized void close() {
        if (shell == null) {
            return;
        }
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            // As above.
        }
    }
}
