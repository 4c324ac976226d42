package dev.vela.local;

import dev.vela.local.ServerProcess.PortTakenException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The resources that the servers of one local Pulsar share: the folder, the class path, and the watchdog that prevents
 * servers from outliving this JVM. Thread-safe.
 */
final class ServerHost implements AutoCloseable {

    private static final int MAX_TRIES = 3;

    private final ServerFolder folder;
    private final List<Path> classPath;
    private final List<String> jvmOptions;
    private final Duration readyWithin;
    private final Watchdog watchdog;

    private ServerHost(ServerFolder folder, List<Path> classPath, ServerOptions options) {
        this.folder = folder;
        this.classPath = classPath;
        this.jvmOptions = options.jvmOptions();
        this.readyWithin = options.readyWithin();
        this.watchdog = new Watchdog(folder.isTemporary() ? folder.path() : null);
    }

    /** Opens the folder, and finds or fetches the jars. */
    static ServerHost open(ServerOptions options) {
        ServerFolder folder = options.openFolder();
        try {
            return new ServerHost(folder, options.classPath(folder), options);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    ServerFolder folder() {
        return folder;
    }

    Duration readyWithin() {
        return readyWithin;
    }

    ServerCommand command(ServerRole role, List<String> moreJvmOptions, Map<String, String> entries) {
        List<String> all = new ArrayList<>(jvmOptions);
        all.addAll(moreJvmOptions);
        return new ServerCommand(classPath, role, all, Map.copyOf(entries));
    }

    ServerProcess launch(String name, ServerCommand command, ServerFolder where) {
        return ServerProcess.start(name, command.in(where), where, watchdog);
    }

    /**
     * Starts a server or a cluster whose ports are chosen anew for each attempt, and retries if another process takes a
     * port first.
     *
     * @param fixed whether the ports are fixed, so that a retry is pointless
     */
    static <T> T tryPorts(boolean fixed, Supplier<T> start) {
        for (int tries = 1; ; tries++) {
            try {
                return start.get();
            } catch (PortTakenException e) {
                if (fixed || tries == MAX_TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Releases all resources, after the last server has ended. */
    @Override
    public void close() {
        folder.close();
        watchdog.close();
    }
}
