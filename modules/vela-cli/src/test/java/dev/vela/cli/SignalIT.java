package dev.vela.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vela.local.LocalAdmin;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command in a JVM of its own, ended by signals. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SignalIT {

    /** Of a kilobyte each: a pipe and two buffers take a sixth of that before anything is sent. */
    private static final int MORE_THAN_BUFFERS_HOLD = 1_000;

    @TempDir
    private Path folder;

    private final AtomicLong writtenLines = new AtomicLong();
    private Process process;

    @AfterEach
    void endWhatIsLeft() {
        process.destroyForcibly();
    }

    @Test
    void drainsReportsAndExitsWith130WhenInterrupted() throws Exception {
        start("produce", "-t", "interrupted", "--url", SharedPulsar.url(), "--rate", "200", "--verify", "--json");
        OutputStream input = process.getOutputStream();
        input.write("line\n".repeat(10_000).getBytes(UTF_8));
        input.flush();
        awaitMessages("interrupted", 50);

        signal("INT", process.toHandle());

        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(errors()).containsExactly("vela: interrupted");
        JsonNode report = Json.of(new String(process.getInputStream().readAllBytes(), UTF_8));
        assertThat(report.get("published").asLong()).isBetween(50L, 9_999L);
        assertThat(report.get("verified").asLong())
                .isEqualTo(report.get("published").asLong());
        assertThat(report.get("failed").asLong()).isZero();
        assertThat(report.get("unknown").asLong()).isZero();
    }

    /** A terminal sends Ctrl-C to everything that the command has started, too. */
    @Test
    void keepsItsOwnPulsarUntilAllIsAnswered() throws Exception {
        start("produce", "-t", "own", "--partitions", "2", "--verify", "--json");
        OutputStream input = process.getOutputStream();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> writeForEver(input));
        await().atMost(Duration.ofMinutes(2)).until(() -> writtenLines.get() > MORE_THAN_BUFFERS_HOLD);

        List<ProcessHandle> children = process.descendants().toList();
        children.forEach(child -> signalQuietly("INT", child));
        signal("INT", process.toHandle());

        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(writing).failsWithin(Duration.ofMinutes(1));
        JsonNode report = Json.of(new String(process.getInputStream().readAllBytes(), UTF_8));
        assertThat(report.get("published").asLong()).isPositive();
        assertThat(report.get("verified").asLong())
                .isEqualTo(report.get("published").asLong());
        assertThat(report.get("unknown").asLong()).isZero();
        assertThat(report.get("lost").asLong(-1)).isZero();
        await().atMost(Duration.ofMinutes(1)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    private void writeForEver(OutputStream input) {
        byte[] line = ("x".repeat(1_000) + "\n").getBytes(UTF_8);
        try {
            while (true) {
                input.write(line);
                input.flush();
                writtenLines.incrementAndGet();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signalQuietly(String name, ProcessHandle target) {
        try {
            signal(name, target);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void endsWhileItWaitsForInput() throws Exception {
        start("produce", "-t", "waiting", "--url", SharedPulsar.url(), "--json");
        OutputStream input = process.getOutputStream();
        input.write("one\ntwo\n".getBytes(UTF_8));
        input.flush();
        awaitMessages("waiting", 2);

        signal("TERM", process.toHandle());

        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        JsonNode report = Json.of(new String(process.getInputStream().readAllBytes(), UTF_8));
        assertThat(report.get("published").asLong()).isEqualTo(2);
    }

    @Tag("full")
    @Test
    void runsALocalPulsarUntilInterrupted() throws Exception {
        start("local");
        List<String> lines = lines(3);
        assertThat(lines.get(0)).startsWith("service URL  pulsar://127.0.0.1:");
        assertThat(lines.get(1)).startsWith("admin URL    http://127.0.0.1:");
        assertThat(lines.get(2)).startsWith("log          ");
        assertEndsBy("INT", 130, lines.get(1));
    }

    @Test
    @Tag("full")
    void runsALocalClusterUntilTerminated() throws Exception {
        start("local", "--brokers", "1");
        List<String> lines = lines(5);
        assertThat(lines.get(0)).startsWith("service URL  pulsar://127.0.0.1:");
        assertThat(lines.get(1)).startsWith("admin URL    http://127.0.0.1:");
        assertThat(lines.subList(2, 5)).allMatch(line -> line.startsWith("log          "));
        assertEndsBy("TERM", 143, lines.get(1));
    }

    private List<String> lines(int count) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader output = process.inputReader();
        for (int i = 0; i < count; i++) {
            lines.add(output.readLine());
        }
        return lines;
    }

    private void assertEndsBy(String signal, int status, String adminLine) throws Exception {
        LocalAdmin.of(adminLine.substring("admin URL    ".length())).createTopic("there");
        List<ProcessHandle> children = process.descendants().toList();

        signal(signal, process.toHandle());

        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(status);
        assertThat(children).isNotEmpty();
        await().atMost(Duration.ofMinutes(1)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    private void start(String... args) throws IOException {
        List<String> command = new ArrayList<>(listening());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of("target", "java-options").toAbsolutePath()); // as the launcher does
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(args));
        process = new ProcessBuilder(command).redirectError(errorFile()).start();
    }

    private File errorFile() {
        return folder.resolve("stderr").toFile();
    }

    private List<String> errors() throws IOException {
        return Files.readAllLines(errorFile().toPath());
    }

    private static void awaitMessages(String topic, int messages) {
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            String stats = SharedPulsar.get().admin().stats(topic);
            return Json.of(stats).get("msgInCounter").asLong() >= messages;
        });
    }

    private static void signal(String name, ProcessHandle target) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(target.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /**
     * A process inherits that SIGINT is ignored, as shells let those in the background do: this has it listen again.
     */
    private static List<String> listening() throws IOException {
        Path status = Path.of("/proc/self/status");
        boolean interruptIgnored = Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
        return interruptIgnored ? List.of("env", "--default-signal=INT") : List.of();
    }
}
