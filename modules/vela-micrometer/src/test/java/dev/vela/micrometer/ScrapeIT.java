package dev.vela.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vela.Batching;
import dev.vela.HandleState;
import dev.vela.InFlightPolicy;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.local.LocalPulsar;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a scrape has after sends, failures and restarts on a real Pulsar. */
class ScrapeIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Path DOCS = Path.of(System.getProperty("vela.docs"), "observability");
    private static final Pattern METRIC = Pattern.compile("\\bvela_[a-z_]+");

    private static LocalPulsar pulsar;

    @BeforeAll
    static void start() {
        pulsar = LocalPulsar.builder().readyWithin(Duration.ofMinutes(5)).start();
    }

    @AfterAll
    static void stop() {
        pulsar.close();
    }

    @Test
    void hasEveryMetricOfTheDashboardAndTheAlerts() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        pulsar.createPartitionedTopic("orders", 2);
        pulsar.admin().createTopic("payments");
        try (Vela vela = runtime(registry)) {
            SupervisedProducer<String> orders = start(vela, "orders");
            SupervisedProducer<String> payments = start(vela, "payments");
            orders.awaitReady(LONG);
            payments.awaitReady(LONG);
            CompletableFuture.allOf(IntStream.range(0, 1_000)
                            .mapToObj(i -> orders.sendAsync("order " + i))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();

            // When the broker is frozen: a message expires, a caller waits for room, and producers are replaced
            pulsar.freeze();
            CompletableFuture<?> blocked;
            try {
                CompletableFuture<MessageId> expiring = orders.newMessage()
                        .value("expires")
                        .timeout(Duration.ofSeconds(1))
                        .sendAsync();
                blocked = CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        payments.sendAsync("payment " + i);
                    }
                });
                await().atMost(LONG).until(expiring::isCompletedExceptionally);
                await().atMost(LONG)
                        .until(() -> hasMeter(registry, "vela.restarts", "payments")
                                && hasMeter(registry, "vela.restarts", "orders"));
            } finally {
                pulsar.thaw();
            }
            blocked.get(2, TimeUnit.MINUTES);
            await().atMost(LONG).until(() -> hasMeter(registry, "vela.replayed", "payments"));
            await().atMost(LONG).until(() -> orders.state() == HandleState.READY);

            // Then a scrape has all that the two files name
            registry.scrape(); // a state has a gauge once it was seen
            await().atMost(LONG).untilAsserted(() -> {
                Set<String> scraped = names(registry.scrape());
                assertThat(scraped).containsAll(names(expressionsOfTheDashboard()));
                assertThat(scraped).containsAll(names(expressionsOfTheAlerts()));
            });
            String scrape = registry.scrape();
            assertThat(scrape)
                    .containsPattern("vela_messages_total\\{error=\"SendTimeoutException\",name=\"orders\","
                            + "outcome=\"unknown\",runtime=\"shop\",topic=\"orders\"} 1")
                    .containsPattern("vela_messages_total\\{error=\"none\",name=\"orders\",outcome=\"stored\",.*} 1000")
                    .containsPattern("vela_state\\{name=\"orders\",.*state=\"ready\",.*} 1")
                    .containsPattern("vela_restarts_total\\{cause=\"(?!none)\\w+\",level=\"producer\",.*} [1-9]")
                    .containsPattern("vela_partitions\\{kind=\"routed\",name=\"orders\",.*} 2")
                    .containsPattern("vela_runtime_pending_messages_limit\\{runtime=\"shop\"} ");
            assertThat(MeterRegistry.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .endsWith("micrometer-core-" + System.getProperty("vela.test.micrometer") + ".jar");
        }
        assertThat(registry.scrape()).isEmpty();
    }

    private static boolean hasMeter(MeterRegistry registry, String meter, String name) {
        return registry.find(meter).tag("name", name).meter() != null;
    }

    // ---- the program

    /** As in docs/observability.md. */
    private static Vela runtime(MeterRegistry registry) throws Exception {
        return Vela.builder()
                .serviceUrl(pulsar.serviceUrl())
                .name("shop")
                .metrics(VelaMicrometer.of(registry))
                .build();
    }

    private static SupervisedProducer<String> start(Vela vela, String topic) throws Exception {
        return vela.newProducer(Schema.STRING)
                .topic(topic)
                .name(topic)
                .batching(Batching.defaults())
                .inFlightPolicy(InFlightPolicy.REPLAY)
                .maxPendingMessages(1_000)
                .sendTimeout(LONG)
                .maxDisconnectedTime(Duration.ofSeconds(5))
                .start();
    }

    // ---- names

    private static String expressionsOfTheDashboard() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(DOCS.resolve("grafana.json").toFile());
        Set<String> expressions = new TreeSet<>(dashboard.findValuesAsText("expr"));
        assertThat(expressions).hasSizeGreaterThan(10);
        return String.join("\n", expressions);
    }

    private static String expressionsOfTheAlerts() throws IOException {
        String expressions = Files.readAllLines(DOCS.resolve("alerts.yml")).stream()
                .filter(line -> !line.strip().startsWith("#"))
                .collect(Collectors.joining("\n"));
        assertThat(expressions).contains("expr:");
        return expressions;
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = METRIC.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    /** Prints the cost of ten thousand producers; how long it takes is not for a test to say. */
    @Tag("full")
    @Test
    void tenThousandProducersHaveAboutTwelveMetersEach() throws Exception {
        int count = 10_000;
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Vela vela = runtime(registry)) {
            for (int i = 0; i < count; i++) {
                vela.newProducerGroup(Schema.STRING)
                        .topic("non-persistent://public/default/many-" + i)
                        .start();
            }
            for (SupervisedProducer<?> producer : vela.producers()) {
                producer.awaitReady(Duration.ofMinutes(10));
            }
            registry.scrape();
            await().atMost(LONG)
                    .until(() -> registry.find("vela.state")
                                    .tag("state", "ready")
                                    .gauges()
                                    .size()
                            == count);
            long begun = System.nanoTime();
            String scrape = registry.scrape();
            long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
            int meters = registry.getMeters().size();
            System.out.println(count + " producers: " + meters + " meters, "
                    + scrape.lines().count() + " lines of " + scrape.length() / 1024 + " KiB, scraped in " + millis
                    + " ms");

            assertThat(meters).isLessThanOrEqualTo(14 * count + 4);
        }
        assertThat(registry.getMeters()).isEmpty();
    }
}
