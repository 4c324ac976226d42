package dev.vela.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One server process of a local Pulsar, to kill, freeze and restart at will: a {@link LocalPulsar}, or a broker, a
 * bookie or the ZooKeeper of a {@link LocalCluster}. The process does not outlive this JVM, however the JVM ends: on
 * systems with {@code /bin/sh} even a frozen process is killed.
 *
 * <p>Thread-safe. The methods that change a server's life wait for each other and block until they are done; methods of
 * different servers do not wait for each other.
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

    /** Creates a server: starts its process, and returns at once. */
    LocalServer(ServerHost host, String name, ServerFolder folder, ServerCommand command) {
        this.host = host;
        this.name = name;
        this.folder = folder;
        this.command = command;
        this.process = host.launch(name, command, folder);
    }

    /**
     * Returns the name: {@code server} for a {@link LocalPulsar}, otherwise for instance {@code broker-0},
     * {@code bookie-2} or {@code zookeeper}.
     */
    public final String name() {
        return name;
    }

    /** Returns the server's log, which is deleted with a temporary folder. */
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

    /** Returns the id of the process, or of the last process if none is running. Does not block. */
    public final long pid() {
        return process.pid();
    }

    /** Kills the process with SIGKILL, frozen or not. Does nothing if the process is not running. */
    public final synchronized void kill() {
        requireOpen();
        killProcess();
    }

    private void killProcess() {
        process.kill();
        frozen = false;
    }

    /**
     * Stops the server in an orderly way, or by force after 20 s; thaws it first. Does nothing if the server is not
     * running.
     */
    public final synchronized void stop() {
        requireOpen();
        stopProcess();
    }

    private void stopProcess() {
        thawProcess();
        process.stop(STOP_TIMEOUT);
    }

    /**
     * Freezes the process with SIGSTOP: its connections stay open, but it does not answer. Has no effect if it is
     * frozen already.
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
     * Starts the server again, on the same ports and with its data, and waits until it is ready. Stops a running server
     * first.
     *
     * @throws LocalPulsarException if the server does not come up in time; the call may then be repeated
     */
    public final synchronized void restart() {
        requireOpen();
        stopProcess();
        process = host.launch(name, command, folder);
        awaitReady();
    }

    /** Waits until the server is ready. If this fails, the process is dead afterwards. */
    final void awaitReady() {
        process.awaitReady(host.readyWithin());
    }

    /**
     * Ends the server for good.
     *
     * @param orderly whether to end it as by {@link #stop}, rather than as by {@link #kill}
     * @return false if the server had been ended before
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

    /** Returns the {@link #name}. */
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
