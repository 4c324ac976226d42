package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The process of one life of the application. It does not outlive this process. Thread-safe. */
final class ApplicationProcess {

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private final Process process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Semaphore obeyed = new Semaphore(0);
    private volatile Counts counts = new Counts(0, 0, 0);

    /** The counts that the application has reported so far. */
    record Counts(long sent, long stored, long open) {}

    private ApplicationProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "chaos-application");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a process, and waits until it is ready to send. */
    static ApplicationProcess start(ApplicationSettings settings, Path log) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-ea:dev.vela...", // the library asserts that the control thread's work runs on it
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dsun.misc.unsafe.memory.access=allow",
                "-Dlogback.configurationFile=dev/vela/chaos/application-logback.xml",
                "-cp",
                classPath(),
                Application.class.getName()));
        command.addAll(settings.arguments());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        ApplicationProcess started = new ApplicationProcess(process);
        try {
            started.ready.get(READY_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return started;
        } catch (ExecutionException | TimeoutException e) {
            started.kill();
            throw new IOException("the application did not start; its log is " + log, e);
        }
    }

    private static String classPath() {
        return System.getProperty("java.class.path")
                .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heard(line.split(" ", -1));
            }
        } catch (IOException e) {
            // Treated like the end of the output.
        }
        IOException ended = new IOException("the application ended by itself");
        ready.completeExceptionally(ended);
        done.completeExceptionally(ended);
    }

    private void heard(String[] words) {
        switch (words[0]) {
            case "READY" -> ready.complete(null);
            case "OBEYED" -> obeyed.release();
            case "DONE" -> done.complete(null);
            case "COUNTS" ->
                counts = new Counts(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
            default -> {}
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    Counts counts() {
        return counts;
    }

    void begin(ApplicationFault applicationFault) throws IOException {
        say("begin " + applicationFault);
    }

    void end(ApplicationFault applicationFault) throws IOException {
        say("end " + applicationFault);
    }

    /**
     * Sends a command to a candidate, and waits until the command is done.
     *
     * @throws IOException if the command is not done within the limit
     */
    void obey(String command, Duration limit) throws IOException, InterruptedException {
        obeyed.drainPermits();
        say(command);
        if (!obeyed.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("the application did not " + command + " within " + limit);
        }
    }

    /**
     * Makes the application stop sending, and waits until it has all answers or has given up on them.
     *
     * @throws IOException if the application ended by itself, or does not end within the limit
     */
    void stop(Duration limit) throws IOException, InterruptedException {
        say("stop");
        try {
            done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("the application ended before its time", e);
        } catch (TimeoutException e) {
            throw new IOException("the application did not end within " + limit, e);
        } finally {
            kill();
        }
    }

    private synchronized void say(String line) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write((line + '\n').getBytes(US_ASCII));
        out.flush();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Lets a frozen process go on. */
    @FunctionalInterface
    interface Thaw extends Closeable {}

    /**
     * Stops all threads of the process until the result is closed, or until this JVM ends. Needs {@code /bin/sh}, as
     * everything that freezes a process here.
     */
    Thaw freeze() throws IOException {
        String script = "kill -STOP \"$0\" && echo frozen && read -r end; kill -CONT \"$0\"";
        Process shell = new ProcessBuilder("/bin/sh", "-c", script, Long.toString(process.pid()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thaw thaw = () -> {
            shell.getOutputStream().close(); // read comes to its end
            shell.onExit().join();
        };
        if (!"frozen".equals(shell.inputReader().readLine())) {
            thaw.close();
            throw new IOException("the application cannot be frozen");
        }
        return thaw;
    }

    /** Kills the process with SIGKILL, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
