package dev.vela.behaviour;

import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.PartitionedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.internal.root.OwnClient;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How sending fares while one of two brokers is frozen or dead, and before, for as long, with Vela and with the
 * official client: prints the figures in docs/measurements.md. It takes 40 minutes, and so only runs when asked for:
 * {@code -Dit.test=BrokerFrozenFigures}.
 */
class BrokerFrozenFigures {
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration FAULT = Duration.ofSeconds(40);
    private static final Duration BEFORE = FAULT;
    private static final int BYTES = 1000;

    private static TwoBrokers brokers;

    @BeforeAll
    static void start() {
        brokers = new TwoBrokers();
        System.out.println(
                "client | batching | messages/s | fault | accepted/s before, during | accepted below 80 % before, during"
                        + " | acknowledged/s before, during | acknowledged below 80 % before, during | longest call | failed");
    }

    @AfterAll
    static void stop() {
        brokers.close();
    }

    @ParameterizedTest
    @CsvSource({
        "vela, false, 2000, frozen",
        "vela, true, 2000, frozen",
        "vela, false, 2000, killed",
        "vela, true, 2000, killed",
        "vela, false, 0, frozen",
        "vela-1000, false, 0, frozen",
        "vela, true, 0, frozen",
        "vela, false, 0, killed",
        "vela-1000, false, 0, killed",
        "vela, true, 0, killed",
        "official-1000, false, 2000, frozen",
        "official-1000, true, 2000, frozen",
        "official-1000, false, 2000, killed",
        "official-1000, true, 2000, killed",
        "official-alike, false, 2000, frozen", // its client set as Vela sets its own
        "official-alike, true, 2000, frozen",
        "official, false, 0, frozen",
        "official, true, 0, frozen",
        "official, false, 0, killed",
        "official, true, 0, killed",
    })
    void measure(String client, boolean batching, int perSecond, String fault) throws Exception {
        String topic = brokers.freshTopic("figures");
        String figures;
        int maxPending = client.endsWith("-1000") || client.equals("official-alike") ? 1000 : 0;
        if (client.startsWith("vela")) {
            try (Vela vela = Vela.connect(brokers.url())) {
                SupervisedProducerBuilder<byte[], PartitionedProducer<byte[]>> builder =
                        vela.newPartitionedProducer(Schema.BYTES).topic(topic);
                if (batching) {
                    builder.batching(Batching.defaults());
                }
                if (maxPending > 0) {
                    builder.maxPendingMessages(maxPending);
                }
                PartitionedProducer<byte[]> producer = builder.start();
                producer.awaitReady(Duration.ofMinutes(1));
                figures = figures(producer::sendAsync, perSecond, fault);
            }
        } else {
            ClientBuilder settings = client.equals("official-alike")
                    ? OwnClient.builder(brokers.url())
                    : PulsarClient.builder().serviceUrl(brokers.url());
            try (PulsarClient official = settings.build();
                    Producer<byte[]> producer = official(official, topic, batching, maxPending)) {
                figures = figures(producer::sendAsync, perSecond, fault);
            }
        }
        System.out.printf("%s | %s | %d | %s | %s%n", client, batching, perSecond, fault, figures);
    }

    private static Producer<byte[]> official(PulsarClient client, String topic, boolean batching, int maxPending)
            throws PulsarClientException {
        return client.newProducer(Schema.BYTES)
                .topic(topic)
                .enableBatching(batching)
                .batchingMaxPublishDelay(10, TimeUnit.MILLISECONDS)
                .maxPendingMessages(maxPending)
                .blockIfQueueFull(true)
                .create();
    }

    private static String figures(Function<byte[], CompletableFuture<MessageId>> sender, int perSecond, String fault)
            throws Exception {
        SteadyLoad load = SteadyLoad.on(sender, perSecond, BYTES);
        long failing;
        long failed;
        try (load) {
            pass(WARM_UP.plus(BEFORE));
            failing = System.nanoTime();
            try {
                begin(fault);
                pass(FAULT);
                failed = System.nanoTime();
            } finally {
                end(fault);
            }
        }
        course(load.accepted(), failing, failed);
        int failures = load.awaitAnswers(Duration.ofMinutes(3)).size();
        long before = failing - BEFORE.toNanos();
        return "%s | %s | %d ms | %d of %d"
                .formatted(
                        line(load.accepted(), before, failing, failed),
                        line(load.acknowledged(), before, failing, failed),
                        load.longestCall().toMillis(),
                        failures,
                        load.sent());
    }

    private static void begin(String fault) {
        switch (fault) {
            case "frozen" -> brokers.broker(1).freeze();
            case "killed" -> brokers.broker(1).kill();
            default -> throw new IllegalArgumentException(fault);
        }
    }

    private static void end(String fault) {
        switch (fault) {
            case "frozen" -> brokers.broker(1).thaw();
            case "killed" -> brokers.broker(1).restart();
            default -> throw new IllegalArgumentException(fault);
        }
    }

    private static void course(Pulse accepted, long failing, long failed) {
        long second = Duration.ofSeconds(1).toNanos();
        StringJoiner seconds = new StringJoiner(" ");
        for (long from = failing; from + second <= failed; from += second) {
            seconds.add("%.0f".formatted(accepted.perSecond(from, from + second)));
        }
        System.out.println("accepted in each second of the fault: " + seconds);
    }

    private static String line(Pulse pulse, long before, long failing, long failed) {
        double usual = pulse.perSecond(before, failing);
        double least = 0.8 * usual;
        return "%.0f, %.0f | %.1f s, %.1f s"
                .formatted(
                        usual,
                        pulse.perSecond(failing, failed),
                        pulse.longestBelow(least, before, failing).toMillis() / 1000.0,
                        pulse.longestBelow(least, failing, failed).toMillis() / 1000.0);
    }

    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        await().atMost(time.plusMinutes(1)).until(() -> System.nanoTime() >= end);
    }
}
