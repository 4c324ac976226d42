package dev.vela.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.vela.Outcome;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import dev.vela.VelaMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of what the runtime tells. No broker is there: the runtime is real, and its producers wait. */
class VelaMicrometerTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private static PulsarClient client;

    @BeforeAll
    static void open() throws PulsarClientException {
        client = PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
    }

    @AfterAll
    static void close() throws PulsarClientException {
        client.close();
    }

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final VelaMicrometer metrics = VelaMicrometer.of(registry);

    private static Vela runtime(String name, VelaMetrics metrics) throws PulsarClientException {
        return Vela.builder().client(client).name(name).metrics(metrics).build();
    }

    private double messages(String outcome, String error) {
        return registry.get("vela.messages")
                .tags("outcome", outcome, "error", error)
                .counter()
                .count();
    }

    private Timer entry(String outcome) {
        return registry.get("vela.entry").tag("outcome", outcome).timer();
    }

    @Test
    void countsAnswersByOutcomeAndError() throws PulsarClientException {
        try (Vela vela = runtime("r", metrics)) {
            VelaMetrics.Messages messages = metrics.of("orders", "topic");
            messages.stored(-1, 10, 1_000, 5 * MILLI, false);
            messages.stored(-1, 20, 2_000, 7 * MILLI, false);
            messages.stored(-1, 3, 300, 2 * MILLI, true);
            messages.failed(-1, 4, MILLI, Outcome.UNKNOWN, new TimeoutException());
            messages.failed(-1, 1, 0, Outcome.NOT_SENT, new IllegalStateException());
            messages.blocked(9 * MILLI);
            messages.replayed(-1, 6);

            assertThat(messages("stored", "none")).isEqualTo(30);
            assertThat(messages("duplicate", "none")).isEqualTo(3);
            assertThat(messages("unknown", "TimeoutException")).isEqualTo(4);
            assertThat(messages("not_sent", "IllegalStateException")).isEqualTo(1);
            assertThat(entry("stored").count()).isEqualTo(2);
            assertThat(entry("stored").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(12);
            assertThat(entry("unknown").count()).isEqualTo(1);
            assertThat(registry.find("vela.entry").tag("outcome", "not_sent").timer())
                    .as("a message that was not accepted")
                    .isNull();
            assertThat(registry.get("vela.entry.messages").summary().totalAmount())
                    .isEqualTo(30);
            assertThat(registry.get("vela.bytes").counter().count()).isEqualTo(3_000);
            assertThat(registry.get("vela.blocked").timer().totalTime(TimeUnit.MILLISECONDS))
                    .isEqualTo(9);
            assertThat(registry.get("vela.replayed").counter().count()).isEqualTo(6);
            assertThat(registry.get("vela.messages").counters())
                    .allSatisfy(counter -> assertThat(counter.getId().getTags())
                            .containsAll(Tags.of("runtime", vela.name(), "name", "orders", "topic", "topic")));
        }
    }

    @Test
    void countsForEachPartitionIfAskedTo() throws PulsarClientException {
        VelaMicrometer byPartition = VelaMicrometer.builder(registry)
                .partitions(true)
                .tags(Tags.of("team", "a"))
                .build();
        try (Vela vela = runtime("r", byPartition)) {
            VelaMetrics.Messages messages = byPartition.of("orders", "topic");
            messages.stored(0, 1, 10, MILLI, false);
            messages.stored(700, 2, 20, MILLI, false);
            messages.failed(-1, 5, 0, Outcome.NOT_SENT, new IllegalStateException());

            assertThat(registry.get("vela.messages")
                            .tag("partition", "700")
                            .counter()
                            .count())
                    .isEqualTo(2);
            assertThat(registry.get("vela.messages")
                            .tags("partition", "none", "outcome", "not_sent")
                            .counter()
                            .count())
                    .isEqualTo(5);
            assertThat(registry.getMeters())
                    .allSatisfy(
                            meter -> assertThat(meter.getId().getTag("team")).isEqualTo("a"));
            assertThat(vela.producers()).isEmpty();
        }
    }

    @Test
    void countsEventsAndTellsWhatWasRestarted() throws PulsarClientException {
        try (Vela vela = runtime("r", metrics)) {
            metrics.of("orders", "topic");
            restarted("topic-partition-1", Optional.of("orders-1-x"));
            restarted("topic-partition-1", Optional.empty());
            restarted("topic", Optional.empty());
            metrics.onEvent(new VelaEvent(
                    VelaEvent.Type.FAILED, Instant.EPOCH, "a child", "", Optional.empty(), Optional.empty()));

            for (String level : new String[] {"producer", "group", "handle"}) {
                assertThat(registry.get("vela.restarts")
                                .tags("level", level, "cause", "TimeoutException")
                                .counter()
                                .count())
                        .as(level)
                        .isEqualTo(1);
            }
            assertThat(registry.get("vela.events")
                            .tag("type", "restarted")
                            .counter()
                            .count())
                    .isEqualTo(3);
            assertThat(registry.get("vela.events").counters()).hasSize(1);
            assertThat(vela.name()).isEqualTo("r");
        }
    }

    private void restarted(String topic, Optional<String> producer) {
        metrics.onEvent(new VelaEvent(
                VelaEvent.Type.RESTARTED,
                Instant.EPOCH,
                "orders",
                topic,
                producer,
                Optional.of(new TimeoutException())));
    }

    @Test
    void metersLeaveWithTheLastProducerOfTheirName() throws PulsarClientException {
        try (Vela vela = runtime("r", metrics)) {
            VelaMetrics.Messages first = metrics.of("orders", "topic");
            VelaMetrics.Messages next = metrics.of("orders", "topic");
            first.stored(-1, 1, 1, MILLI, false);
            first.close();
            first.close();
            next.stored(-1, 1, 1, MILLI, false);
            assertThat(messages("stored", "none")).isEqualTo(2);

            next.close();
            next.failed(-1, 1, 0, Outcome.NOT_SENT, new IllegalStateException());
            next.stored(-1, 1, 1, MILLI, false);
            next.blocked(MILLI);
            restarted("topic", Optional.empty());

            assertThat(registry.getMeters())
                    .allMatch(meter -> meter.getId().getName().startsWith("vela.runtime."))
                    .hasSize(4);
            assertThat(vela.producers()).isEmpty();
        }
    }

    @Test
    void nothingIsLeftWhenTheRuntimeHasClosedAndTheNextMayHaveItsName() throws PulsarClientException {
        try (Vela vela = runtime("r", metrics)) {
            vela.newProducerGroup(Schema.STRING).topic("orders").start();
            assertThat(registry.find("vela.bytes").counters()).hasSize(1);
        }
        assertThat(registry.getMeters()).isEmpty();

        try (Vela next = runtime("r", VelaMicrometer.of(registry))) {
            assertThat(registry.getMeters()).hasSize(4);
            assertThat(next.name()).isEqualTo("r");
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void gaugesReadTheRuntime() throws PulsarClientException {
        try (Vela vela = Vela.builder()
                .client(client)
                .maxPendingMessages(70)
                .maxPendingBytes(8_000)
                .metrics(metrics)
                .build()) {
            var waiting = vela.newPartitionedProducer(Schema.STRING)
                    .topic("orders")
                    .partitions(3)
                    .start();
            waiting.sendAsync("a");
            waiting.newMessage().key("k").value("b").sendAsync();

            assertThat(gauge("vela.pending.messages")).isEqualTo(2); // takes the snapshot for all
            assertThat(gauge("vela.waiting")).isEqualTo(2);
            assertThat(gauge("vela.inflight.oldest")).isZero();
            assertThat(gauge("vela.runtime.pending.messages")).isEqualTo(2);
            assertThat(gauge("vela.runtime.pending.messages.limit")).isEqualTo(70);
            assertThat(gauge("vela.runtime.pending.bytes.limit")).isEqualTo(8_000);
            assertThat(registry.get("vela.state")
                            .tag("state", "starting")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(registry.get("vela.producers").gauges().stream()
                            .mapToDouble(gauge -> gauge.value())
                            .sum())
                    .isEqualTo(3);
            assertThat(registry.get("vela.partitions")
                            .tag("kind", "routed")
                            .gauge()
                            .value())
                    .isEqualTo(3);
            vela.closeAsync(java.time.Duration.ZERO).join();
        }
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    @Test
    void servesOneRuntime() throws PulsarClientException {
        try (Vela vela = runtime("first", metrics)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> runtime("second", metrics))
                    .withMessage("a VelaMicrometer serves one runtime: it was given to \"second\" and serves \"first\""
                            + " already");

            metrics.of("orders", "topic").stored(-1, 1, 1, MILLI, false);
            assertThat(messages("stored", "none")).as("of the first").isEqualTo(1);
            assertThat(vela.name()).isEqualTo("first");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> VelaMicrometer.of(registry).of("orders", "topic"))
                .withMessageContaining("must be bound");
    }

    @Test
    void refusesTagsThatItHasItself() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VelaMicrometer.builder(registry).tags(Tags.of("team", "a", "outcome", "b")))
                .withMessage("tags must not have a key of the meters themselves, was outcome");
    }
}
