package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** {@code vela view}, attached to an application in a JVM of its own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ViewIT {

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();

    /** The command, until it is ended. */
    private static final class View implements AutoCloseable {
        private final BlockingQueue<String> printed = new LinkedBlockingQueue<>();
        private final StringWriter err = new StringWriter();
        private final CompletableFuture<Integer> status = new CompletableFuture<>();
        private final Thread thread;

        View(String... args) {
            PrintWriter out = new PrintWriter(new StringWriter()) {
                @Override
                public void println(Object line) {
                    printed.add(String.valueOf(line));
                }
            };
            CommandLine command = new CommandLine(new ViewCommand(UnaryOperator.identity()))
                    .setOut(out)
                    .setErr(new PrintWriter(err, true))
                    .setExecutionExceptionHandler((failure, line, parsed) -> {
                        err.append(failure.getMessage());
                        return 1;
                    });
            thread = new Thread(() -> status.complete(command.execute(args)));
            thread.start();
        }

        URI address() throws InterruptedException {
            String address = printed.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(address).as(err.toString()).isNotNull();
            return URI.create(address);
        }

        @Override
        public void close() throws InterruptedException {
            thread.interrupt();
            thread.join(SOON.toMillis());
        }
    }

    private JsonNode report(URI address) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(address.resolve("report")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static JsonNode topic(JsonNode report, String name) {
        for (JsonNode topic : report.at("/reports/0/snapshot/topics")) {
            if (topic.path("name").asText().equals(name)) {
                return topic;
            }
        }
        throw new AssertionError("no topic " + name + " in " + report);
    }

    @Test
    void showsAnApplicationAndRestartsWhatWasFenced() throws Exception {
        SharedPulsar.get().admin().createPartitionedTopic("view-orders", 3);
        try (OrdersProcess application = OrdersProcess.start("view-orders", "view-ledger");
                View view = new View("--port", "0", application.pid())) {
            URI address = view.address();
            assertThat(view.err.toString())
                    .contains("watching process " + application.pid() + " (dev.vela.view.Orders)")
                    .doesNotContain("warning");
            JsonNode first = report(address);
            assertThat(topic(first, "orders").path("groups").size()).isEqualTo(3);
            assertThat(topic(first, "ledger").path("state").asText()).isEqualTo("READY");
            try (PulsarClient rivals = PulsarClient.builder()
                            .serviceUrl(SharedPulsar.get().serviceUrl())
                            .build();
                    Producer<byte[]> rival = rivals.newProducer()
                            .topic("view-ledger")
                            .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                            .create()) {
                assertThat(rival.isConnected()).isTrue();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(topic(report(address), "ledger")
                                        .at("/groups/0/producers/0/state")
                                        .asText())
                                .isEqualTo("FENCED"));
            }
            String order = "{\"instance\":\"" + first.at("/reports/0/instance").asText() + "\",\"name\":\"ledger\"}";
            HttpResponse<String> restarted = client.send(
                    HttpRequest.newBuilder(address.resolve("restart"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(order))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(restarted.statusCode()).as(restarted.body()).isEqualTo(204);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(topic(report(address), "ledger")
                                    .path("state")
                                    .asText())
                            .isEqualTo("READY"));
            HttpResponse<String> refused = client.send(
                    HttpRequest.newBuilder(address.resolve("restart"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(order.replace("ledger", "unknown")))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("unknown");
        }
    }

    @Test
    void whatCannotBeWatchedIsSaidAtOnce() throws Exception {
        try (View view = new View("--port", "0", "999999999")) {
            assertThat(view.status.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(view.err.toString()).isEqualTo("there is no process 999999999");
        }
        try (View view = new View("--port", "70000")) {
            assertThat(view.status.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(view.err.toString()).contains("--port must be in [0, 65535], was 70000");
        }
    }
}
