package dev.vela.local;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A real Pulsar on this machine: broker, bookie and metadata store in one process of their own, to start, kill, freeze
 * and restart at will. It listens on 127.0.0.1 only, on ports of its own, so several can run side by side. The namespace
 * {@code public/default} is there, topics are created as they are used, and delayed delivery and per-namespace
 * deduplication work. Transactions do with {@code config("transactionCoordinatorEnabled", "true")}; readers of a topic
 * may then have to wait for half a minute after the topic was loaded, which is how Pulsar 4.2.4 recovers them.
 *
 * <pre>{@code
 * try (LocalPulsar pulsar = LocalPulsar.start()) {
 *     PulsarClient client = PulsarClient.builder().serviceUrl(pulsar.serviceUrl()).build();
 *     pulsar.kill();
 *     pulsar.restart();
 * }
 * }</pre>
 *
 * <p>The server's jars come from the local Maven repository (system property {@code maven.repo.local}, or
 * {@code ~/.m2/repository}); those that are missing are fetched into it, verified, from Maven Central or the mirror
 * that the system property {@code vela.local.maven.url} or the environment variable {@code VELA_LOCAL_MAVEN_URL} names.
 *
 * <p>The server does not outlive this JVM, however this JVM ends: on systems with {@code /bin/sh} a frozen one is killed
 * too, and a temporary folder deleted. What was acknowledged survives {@link #kill}, though not a crash of the machine:
 * the bookie does not force its journal to disk.
 *
 * <p>Thread-safe. The methods that change the server's life wait for each other and block until done.
 */
public final class LocalPulsar implements AutoCloseable {

    private static final int MAX_TRIES = 3;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final ServerFolder folder;
    private final ServerCommand command;
    private final Duration readyWithin;
    private final Ports ports;
    private final Watchdog watchdog;
    private final LocalAdmin admin;

    private volatile ServerProcess process;
    private boolean frozen; // guarded by this
    private boolean closed; // guarded by this

    private LocalPulsar(
            ServerFolder folder, ServerCommand command, Duration readyWithin, Watchdog watchdog, Started started) {
        this.folder = folder;
        this.command = command;
        this.readyWithin = readyWithin;
        this.watchdog = watchdog;
        this.ports = started.ports;
        this.process = started.process;
        this.admin = LocalAdmin.of(ports.adminUrl());
    }

    private record Started(Ports ports, ServerProcess process) {}

    /** Starts a Pulsar with all defaults, in a temporary folder. See {@link LocalPulsarBuilder#start}. */
    public static LocalPulsar start() {
        return builder().start();
    }

    /** Describes a Pulsar other than the default one. */
    public static LocalPulsarBuilder builder() {
        return new LocalPulsarBuilder();
    }

    static LocalPulsar start(ServerFolder folder, ServerCommand command, Duration readyWithin) {
        Watchdog watchdog = new Watchdog(folder.isTemporary() ? folder.path() : null);
        try {
            Started started = start(folder, command, readyWithin, watchdog);
            folder.keepPorts(started.ports);
            return new LocalPulsar(folder, command, readyWithin, watchdog, started);
        } catch (RuntimeException e) {
            watchdog.close();
            throw e;
        }
    }

    private static Started start(ServerFolder folder, ServerCommand command, Duration readyWithin, Watchdog watchdog) {
        for (int tries = 1; ; tries++) {
            Ports ports = folder.ports();
            ServerProcess process = ServerProcess.start(command.in(folder, ports), folder, watchdog);
            try {
                process.awaitReady(readyWithin);
                return new Started(ports, process);
            } catch (LocalPulsarException e) {
                if (!process.foundPortTaken() || folder.hasPorts() || tries == MAX_TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Where clients connect, such as {@code pulsar://127.0.0.1:12345}; the same after a restart. */
    public String serviceUrl() {
        return ports.serviceUrl();
    }

    /** Where the web service is, such as {@code http://127.0.0.1:12346}; the same after a restart. */
    public String adminUrl() {
        return ports.adminUrl();
    }

    /** Administrative requests to this Pulsar. */
    public LocalAdmin admin() {
        return admin;
    }

    /** The same as {@link LocalAdmin#createPartitionedTopic}. */
    public void createPartitionedTopic(String topic, int partitions) {
        admin.createPartitionedTopic(topic, partitions);
    }

    /** The folder of its data and its log. */
    public Path folder() {
        return folder.path();
    }

    /** The server's log; gone with a temporary folder. */
    public Path log() {
        return folder.log();
    }

    /** Whether the process exists, frozen or not. Does not block. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** The id of the process, or of the last one if it is not running. Does not block. */
    public long pid() {
        return process.pid();
    }

    /** Kills the process with SIGKILL, frozen or not. Does nothing if it is not running. */
    public synchronized void kill() {
        requireOpen();
        process.kill();
        frozen = false;
    }

    /** Stops the server in an orderly way, after 20 s by force; thaws it first. Does nothing if it is not running. */
    public synchronized void stop() {
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
    public synchronized void freeze() {
        requireRunning();
        process.signal("STOP");
        frozen = true;
    }

    /**
     * Thaws the process with SIGCONT. Does nothing if it is not frozen.
     *
     * @throws IllegalStateException if it is not running
     */
    public synchronized void thaw() {
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
     * Starts the server again, on the same ports and with its data, and waits until clients can use it. Stops it first
     * if it is running.
     *
     * @throws LocalPulsarException if it does not come up in time; it may then be tried again
     */
    public synchronized void restart() {
        requireOpen();
        stopProcess();
        process = ServerProcess.start(command.in(folder, ports), folder, watchdog);
        process.awaitReady(readyWithin);
    }

    /**
     * Ends the server, and deletes its folder if that is a temporary one, with all data: such a server is simply killed.
     * One in a named folder is stopped as by {@link #stop}. Does nothing the second time.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (folder.isTemporary()) {
            process.kill();
        } else {
            stopProcess();
        }
        folder.close();
        watchdog.close();
    }

    private void requireRunning() {
        requireOpen();
        if (!process.isAlive()) {
            throw new IllegalStateException("Pulsar must be running, but process " + process.pid() + " has ended");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this Pulsar is closed");
        }
    }
}
