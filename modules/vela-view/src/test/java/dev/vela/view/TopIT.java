package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code vela top} without a terminal, attached to an application in a JVM of its own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TopIT {

    private static final Duration SOON = Duration.ofMinutes(2);

    private static OrdersProcess application;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        SharedPulsar.get().admin().createPartitionedTopic("top-orders", 3);
        application = OrdersProcess.start("top-orders", "top-ledger");
    }

    @AfterAll
    static void end() throws Exception {
        application.close();
    }

    /** What the command printed. */
    private record Printed(int status, String out, String err) {}

    private static Printed top(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Top.command()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
        return new Printed(status, out.toString(), err.toString());
    }

    private Printed topInAJvmOfItsOwn(String... args) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(OrdersProcess.JAVA, "-cp", System.getProperty("java.class.path"), Top.class.getName()));
        command.addAll(List.of(args));
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Printed(process.waitFor(), out, Files.readString(err));
    }

    @Test
    void printsTheTreeOfAnApplicationThatKnowsNothingOfIt() throws Exception {
        Printed printed = topInAJvmOfItsOwn(application.pid());

        assertThat(printed.err()).isEmpty();
        assertThat(printed.status()).isZero();
        List<String> lines = printed.out().lines().toList();
        assertThat(lines.get(0)).isEqualTo("process " + application.pid() + " (dev.vela.view.Orders)");
        assertThat(lines.get(1))
                .matches("4/4 producers up, [0-9.]+ msg/s, pending \\d+ of 1,000,000, runtime shop for \\d+[sm]");
        assertThat(printed.out())
                .doesNotContain("\u001b")
                .containsPattern("(?m)^ledger +\\+ READY")
                .containsPattern("(?m)^orders +\\+ READY +\\d+[sm] +[0-9.]+ ")
                .containsPattern("(?m)^  partition 2 +\\+ READY")
                .containsPattern("(?m)^    orders-partition-2-.* at 127.0.0.1:")
                .containsPattern("(?m)^[0-9: -]+ READY +ledger");
    }

    @Test
    void printsTheReportsAsOneDocument() throws Exception {
        Printed printed = top("--json", application.pid());

        assertThat(printed.status()).isZero();
        JsonNode reports = new ObjectMapper().readTree(printed.out());
        assertThat(reports).hasSize(1);
        assertThat(reports.get(0).get("runtime").asText()).isEqualTo("shop");
        assertThat(reports.get(0).get("snapshot").get("topics")).hasSize(2);
    }

    @Test
    void listsTheApplicationsIfThereAreSeveral() throws Exception {
        try (OrdersProcess other = OrdersProcess.start("top-orders", "top-other-ledger")) {
            Printed printed = top("--once");

            assertThat(printed.status()).isEqualTo(1);
            assertThat(printed.out()).isEmpty();
            assertThat(printed.err())
                    .containsPattern(application.pid() + " +dev.vela.view.Orders +shop")
                    .containsPattern(other.pid() + " +dev.vela.view.Orders +shop")
                    .contains("choose one by its PID");

            other.signal("STOP");
            assertThat(top("--once").err())
                    .contains("vela: process " + other.pid() + " (dev.vela.view.Orders) does not answer")
                    .doesNotContainPattern(other.pid() + " +dev.vela.view.Orders +shop");
        }
    }

    @Test
    void saysWhyAnApplicationCannotBeRead() throws Exception {
        assertThat(topInAJvmOfItsOwn(Long.toString(ProcessHandle.current().pid()))
                        .err())
                .startsWith("vela: process " + ProcessHandle.current().pid())
                .contains("has no runtime of Vela");
        try (OrdersProcess closed = OrdersProcess.start("top-orders", "top-closed", "-XX:+DisableAttachMechanism")) {
            Printed printed = top(closed.pid());
            assertThat(printed.status()).isEqualTo(1);
            assertThat(printed.err()).contains("refuses to be attached to (-XX:+DisableAttachMechanism)");
        }
    }

    @Test
    void readsThroughThePortOfRemoteJmx() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String address = "127.0.0.1:" + port;
        try (OrdersProcess remote = OrdersProcess.start(
                "top-orders",
                "top-remote",
                "-Dcom.sun.management.jmxremote.port=" + port,
                "-Dcom.sun.management.jmxremote.host=127.0.0.1",
                "-Dcom.sun.management.jmxremote.authenticate=false",
                "-Dcom.sun.management.jmxremote.ssl=false")) {
            Printed printed = top("--once", "--jmx", address);

            assertThat(printed.err()).isEmpty();
            assertThat(printed.out()).startsWith(address).contains("4/4 producers up");
            assertThat(top("--json", "--jmx", address).out()).contains("\"pid\":" + remote.pid());
        }
    }

    @Test
    void restartsAFencedProducerAndFollowsItsEvents() throws Exception {
        try (MBeanSource source = new MBeanSource(new AttachAccess(Jvm.of(Long.parseLong(application.pid()))))) {
            LiveRuntime before = read(source, Map.of());
            long last = before.lastEvent();
            assertThat(last).isPositive();
            assertThat(read(source, Map.of(before.instance(), last)).events()).allMatch(event -> event.number() > last);

            try (PulsarClient rival = rival("top-ledger")) {
                await().atMost(SOON).until(() -> state(read(source, Map.of()), "ledger"), "FENCED"::equals);
            }
            source.restart(before.instance(), "ledger");
            await().atMost(SOON).until(() -> state(read(source, Map.of()), "ledger"), "READY"::equals);

            assertThat(read(source, Map.of(before.instance(), last)).events())
                    .extracting(LiveEvent::type)
                    .contains("FENCED", "READY");
            assertThatThrownBy(() -> source.restart(before.instance(), "nobody"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("nobody");
        }
    }

    /** Returns the client of a rival that takes the topic. */
    static PulsarClient rival(String topic) throws PulsarClientException {
        PulsarClient client = PulsarClient.builder()
                .serviceUrl(SharedPulsar.get().serviceUrl())
                .build();
        client.newProducer()
                .topic(topic)
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .create();
        return client;
    }

    private static LiveRuntime read(Source source, Map<String, Long> lastEvents) throws IOException {
        return LiveRuntime.all(source.read(lastEvents), new Rates()).get(0);
    }

    private static String state(LiveRuntime runtime, String name) {
        return runtime.topics().stream()
                .filter(topic -> topic.name().equals(name))
                .flatMap(topic -> topic.groups().stream())
                .flatMap(group -> group.producers().stream())
                .map(LiveProducer::state)
                .findFirst()
                .orElse("");
    }

    @Test
    void takesUpTheSuccessorOfAnApplicationThatEnded() throws Exception {
        OrdersProcess first = OrdersProcess.start("top-orders", "top-successor");
        try (MBeanSource source = new MBeanSource(new AttachAccess(Jvm.of(Long.parseLong(first.pid()))))) {
            String instance = read(source, Map.of()).instance();
            first.close();
            // Another JVM of the same main class is older, and no successor.
            await().atMost(SOON)
                    .until(
                            () -> failure(source),
                            message -> message != null && message.contains("waiting for another"));
            try (OrdersProcess second = OrdersProcess.start("top-orders", "top-successor")) {
                await().atMost(SOON)
                        .ignoreExceptions()
                        .until(() ->
                                !read(source, Map.of(instance, 1L)).instance().equals(instance));
                assertThat(source.describe())
                        .isEqualTo("process " + second.pid() + " (dev.vela.view.Orders), after process " + first.pid()
                                + " ended");
            }
        } finally {
            first.close();
        }
    }

    private static String failure(Source source) {
        try {
            source.read(Map.of());
            return null;
        } catch (InterruptedIOException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
