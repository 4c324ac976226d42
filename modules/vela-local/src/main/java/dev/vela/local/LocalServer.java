package dev.vela.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One server process of a local Pulsar, to kill, freeze and restart at will: a {@link LocalPulsar}, or a broker, a bookie
 * or the ZooKeeper of a {@link LocalCluster}. It does not outlive this JVM, however this JVM ends: on systems with
 * {@code /bin/sh} a frozen one is killed, too.
 *
 * <p>Thread-safe. The methods that change a server's life wait for each other and block until done; those of different
 * servers do not wait for each other.
 */
public sealed class LocalServer permits LocalBroker, LocalPulsar {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final ServerHost host;
    private final String name;
    private final ServerFolder folder;
    private final ServerCommand command;

    private volatile ServerProcess process;
    private volatile boolean frozen;

    @GuardedBy("this")
    private boolean closed;

    /** Starts the process, and returns at once. */
    LocalServer(ServerHost host, String name, ServerFolder folder, ServerCommand command) {
        this.host = host;
        this.name = name;
        this.folder = folder;
        this.command = command;
        this.process = host.launch(name, command, folder);
    }

    /** What it is: {@code server} for a {@link LocalPulsar}, or such as {@code broker-0}, {@code bookie-2}, {@code zookeeper}. */
    public final String name() {
        return name;
    }

    /** The server's log; gone with a temporary folder. */
    public final Path log() {
        return folder.log();
    }

    /** Whether the process exists, frozen or not. Does not block. */
    public final boolean isRunning() {
        return process.isAlive();
    }

    /** Whether the process is frozen. Does not block. */
    public final boolean isFrozen() {
        return frozen && isRunning();
    }

    /** The id of the process, or of the last one if it is not running. Does not block. */
    public final long pid() {
        return process.pid();
    }

    /** Kills the process with SIGKILL, frozen or not. Does nothing if it is not running. */
    public final synchronized void kill() {
        requireOpen();
        killProcess();
    }

    private void killProcess() {
        process.kill();
        frozen = false;
    }

    /** Stops the server in an orderly way, after 20 s by force; thaws it first. Does nothing if it is not running. */
    public final synchronized void stop() {
        requireOpen();
        stopProcess();
    }

    private void stopProcess() {
        thawProcess();
        process.stop(STOP_TIMEOUT);
    }

    /**
     * Freezes the process with SIGSTOP: its connections stay open, and nothing answers. Does nothing if it is frozen.
     *
     * @throws IllegalStateException if it is not running
     * @throws UnsupportedOperationException on a system without {@code /bin/sh}
     */
    public final synchronized void freeze() {
        requireRunning();
        frozen = true;
        process.signal("STOP");
    }

    /**
     * Thaws the process with SIGCONT. Does nothing if it is not frozen.
     *
     * @throws IllegalStateException if it is not running
     */
    public final synchronized void thaw() {
        requireRunning();
        thawProcess();
    }

    private void thawProcess() {
        if (frozen && process.isAlive()) {
            process.signal("CONT");
        }
        frozen = false;
    }

    /**
     * Starts the server again, on the same ports and with its data, and waits until it is of use. Stops it first if it is
     * running.
     *
     * @throws LocalPulsarException if it does not come up in time; it may then be tried again
     */
    public final synchronized void restart() {
        requireOpen();
        stopProcess();
        process = host.launch(name, command, folder);
        awaitReady();
    }

    /** Waits until the server is of use. If that fails, the process is dead afterwards. */
    final void awaitReady() {
        process.awaitReady(host.readyWithin());
    }

    /**
     * Ends the server for good.
     *
     * @param orderly as by {@link #stop}; or as by {@link #kill}
     * @return false if it had been ended before
     */
    final synchronized boolean end(boolean orderly) {
        if (closed) {
            return false;
        }
        closed = true;
        if (orderly) {
            stopProcess();
        } else {
            killProcess();
        }
        return true;
    }

    /** Its {@link #name}. */
    @Override
    public final String toString() {
        return name;
    }

    @GuardedBy("this")
    private void requireRunning() {
        requireOpen();
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " must be running, but process " + process.pid() + " has ended");
        }
    }

    @GuardedBy("this")
    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this Pulsar is closed");
        }
    }
}
