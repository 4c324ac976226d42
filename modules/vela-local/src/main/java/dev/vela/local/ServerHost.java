package dev.vela.local;

import dev.vela.local.ServerProcess.PortTakenException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the servers of one local Pulsar share: the folder, the class path, and the watchdog that lets none of them outlive
 * this JVM. Thread-safe.
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
     * Starts something whose ports are chosen anew for each try, and tries again if somebody takes one of them first.
     *
     * @param fixed if there is no choice, and no point in trying again
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

    /** Gives all of it back, after the last server has ended. */
    @Override
    public void close() {
        folder.close();
        watchdog.close();
    }
}
