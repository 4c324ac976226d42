package dev.vela.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One child JVM, from its start to its death. Thread-safe, except that signals should come from one thread at a time.
 */
final class ServerProcess {

    /** The server died because another process owned one of its ports. */
    static final class PortTakenException extends LocalPulsarException {

        private static final long serialVersionUID = 1L;

        PortTakenException(String message) {
            super(message);
        }
    }

    /** The exit status with which the server reports that a port was taken. */
    private static final int PORT_TAKEN = 3;

    private static final Duration SIGNAL_TIMEOUT = Duration.ofSeconds(10);

    private final String name;
    private final ServerFolder folder;
    private final Watchdog watchdog;
    private final Process process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private ServerProcess(String name, ServerFolder folder, Watchdog watchdog, Process process) {
        this.name = name;
        this.folder = folder;
        this.watchdog = watchdog;
        this.process = process;
    }

    /**
     * Starts the process, and returns at once.
     *
     * @param name the name of the server in messages
     */
    static ServerProcess start(String name, List<String> command, ServerFolder folder, Watchdog watchdog) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.path().toFile())
                .redirectError(Redirect.appendTo(folder.log().toFile()));
        // The standalone server would obey this variable, and look for a ZooKeeper.
        builder.environment().remove("PULSAR_STANDALONE_USE_ZOOKEEPER");
        try {
            ServerProcess server = new ServerProcess(name, folder, watchdog, builder.start());
            watchdog.watch(server.pid());
            server.readOutput();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0), e);
        }
    }

    /*
     * The reading thread also prevents the collection of this object, and of the pipes to server and watchdog, if the
     * caller drops its handle: an end of input would halt the server.
     */
    private void readOutput() {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            if (line.equals("READY")) {
                                ready.complete(null);
                            }
                        }
                    } catch (IOException e) {
                        // The process is gone.
                    }
                    process.onExit().join();
                    watchdog.release(pid());
                },
                "vela-local-output-" + pid());
        thread.setDaemon(true);
        thread.start();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits until the server is ready. If this fails, the process is dead afterwards.
     *
     * @throws PortTakenException if the server died because another process owned one of its ports
     */
    void awaitReady(Duration timeout) {
        try {
            CompletableFuture.anyOf(ready, process.onExit()).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ready.isDone()) {
                String message = message("ended with status " + process.exitValue() + " before it was ready");
                throw process.exitValue() == PORT_TAKEN
                        ? new PortTakenException(message)
                        : new LocalPulsarException(message);
            }
        } catch (TimeoutException e) {
            kill();
            throw new LocalPulsarException(message("was not ready within " + DurationText.of(timeout)));
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            throw new LocalPulsarException("interrupted while waiting for Pulsar's " + name + " to be ready", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("neither future can fail", e);
        }
    }

    private String message(String what) {
        return "Pulsar's " + name + ' ' + what + "; the end of its log " + folder.log() + ":\n" + folder.logTail();
    }

    /** Kills the process with SIGKILL, and returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        boolean interrupted = false;
        while (true) {
            try {
                process.waitFor();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        watchdog.release(pid());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Asks the server to stop, and kills it on timeout or if the caller is interrupted; returns when the process is
     * gone.
     */
    void stop(Duration timeout) {
        try {
            process.getOutputStream().write("STOP\n".getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
        } catch (IOException e) {
            // The process is gone, or about to end.
        }
        try {
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /**
     * Sends a signal by its name. For STOP, returns when all threads of the process have stopped, if the system shows
     * them.
     */
    void signal(String name) {
        if (!Watchdog.SHELL.toFile().canExecute()) {
            throw new UnsupportedOperationException("freezing and thawing need " + Watchdog.SHELL);
        }
        try {
            Process kill = new ProcessBuilder(
                            Watchdog.SHELL.toString(), "-c", "kill -\"$0\" \"$1\"", name, Long.toString(pid()))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(SIGNAL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
                throw new LocalPulsarException("could not send SIG" + name + " to process " + pid());
            }
            if (name.equals("STOP")) {
                new ProcessThreads(pid()).awaitStopped(SIGNAL_TIMEOUT);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not send SIG" + name + " to process " + pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalPulsarException("interrupted while sending SIG" + name + " to process " + pid(), e);
        }
    }
}
