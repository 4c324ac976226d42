package dev.vela.opentelemetry;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.HandleState;
import dev.vela.Outcome;
import dev.vela.ProducerState;
import dev.vela.SendTimeoutException;
import dev.vela.Snapshot;
import dev.vela.VelaEvent;
import dev.vela.VelaMetrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class VelaMetersTest {
    private static final String TOPIC = "persistent://public/default/orders";
    private static final Attributes OF_RUNTIME = Attributes.of(stringKey("vela.runtime"), "shop");
    private static final Attributes OF_PRODUCER = OF_RUNTIME.toBuilder()
            .put("vela.name", "orders")
            .put("messaging.destination.name", TOPIC)
            .build();
    private static final Attributes SENT = OF_PRODUCER.toBuilder()
            .put("messaging.system", "pulsar")
            .put("messaging.operation.name", "send")
            .put("messaging.operation.type", "send")
            .build();

    private final InMemoryMetricReader reader = InMemoryMetricReader.create();

    @AutoClose
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();

    private final AtomicInteger snapshots = new AtomicInteger();
    private Snapshot snapshot = new Snapshot(List.of(), 0, 0, 0, 0);

    private final VelaMeters meters = bound(VelaMeters.of(sdk));

    private VelaMeters bound(VelaMeters unbound) {
        unbound.bind(Scripted.vela("shop", () -> {
            snapshots.incrementAndGet();
            return snapshot;
        }));
        return unbound;
    }

    private static Attributes with(Attributes attributes, String key, String value) {
        return attributes.toBuilder().put(key, value).build();
    }

    private Map<String, MetricData> collect() {
        Map<String, MetricData> byName = new HashMap<>();
        reader.collectAllMetrics().forEach(metric -> byName.put(metric.getName(), metric));
        return byName;
    }

    private static Map<Attributes, Number> values(MetricData metric) {
        Map<Attributes, Number> values = new HashMap<>();
        metric.getLongSumData().getPoints().forEach(point -> values.put(point.getAttributes(), point.getValue()));
        metric.getLongGaugeData().getPoints().forEach(point -> values.put(point.getAttributes(), point.getValue()));
        metric.getDoubleGaugeData().getPoints().forEach(point -> values.put(point.getAttributes(), point.getValue()));
        return values;
    }

    private static HistogramPointData histogram(MetricData metric, Attributes attributes) {
        return metric.getHistogramData().getPoints().stream()
                .filter(point -> point.getAttributes().equals(attributes))
                .findAny()
                .orElseThrow(() -> new AssertionError(attributes + " is not in " + metric));
    }

    private Map<Attributes, Number> values(String name) {
        return values(collect().get(name));
    }

    // ---- messages

    @Test
    void countsWhatIsStoredByEntry() {
        VelaMetrics.Messages messages = meters.of("orders", TOPIC);

        messages.stored(0, 1000, 50_000, TimeUnit.MILLISECONDS.toNanos(20), false);
        messages.stored(1, 10, 500, TimeUnit.MILLISECONDS.toNanos(40), false);
        messages.stored(1, 3, 150, 0, true);

        Map<String, MetricData> all = collect();
        assertThat(values(all.get("vela.messages")))
                .isEqualTo(Map.of(
                        with(OF_PRODUCER, "vela.outcome", "stored"), 1010L,
                        with(OF_PRODUCER, "vela.outcome", "duplicate"), 3L));
        assertThat(values(all.get("messaging.client.sent.messages"))).isEqualTo(Map.of(SENT, 1013L));
        assertThat(values(all.get("vela.bytes"))).isEqualTo(Map.of(OF_PRODUCER, 50_650L));
        HistogramPointData entries = histogram(all.get("vela.entry.messages"), OF_PRODUCER);
        assertThat(entries.getCount()).isEqualTo(3);
        assertThat(entries.getSum()).isEqualTo(1013);
        assertThat(entries.getBoundaries()).contains(1.0, 1000.0);
        HistogramPointData durations =
                histogram(all.get("messaging.client.operation.duration"), with(SENT, "vela.outcome", "stored"));
        assertThat(durations.getCount()).isEqualTo(2);
        assertThat(durations.getSum()).isEqualTo(0.06);
        assertThat(durations.getBoundaries())
                .containsExactly(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);
        assertThat(all.get("messaging.client.operation.duration").getUnit()).isEqualTo("s");
        assertThat(all.get("messaging.client.sent.messages").getUnit()).isEqualTo("{message}");
        assertThat(all.get("vela.bytes").getUnit()).isEqualTo("By");
    }

    @Test
    void whatIsCertainlyNotStoredWasNotSent() {
        VelaMetrics.Messages messages = meters.of("orders", TOPIC);

        messages.failed(-1, 1, 0, Outcome.NOT_SENT, new IllegalStateException());
        messages.failed(0, 4, 5_000_000_000L, Outcome.UNKNOWN, new SendTimeoutException("late"));

        Map<String, MetricData> all = collect();
        Attributes late = with(SENT, "error.type", SendTimeoutException.class.getName());
        assertThat(values(all.get("vela.messages")))
                .isEqualTo(Map.of(
                        with(OF_PRODUCER, "vela.outcome", "not_sent").toBuilder()
                                .put("error.type", IllegalStateException.class.getName())
                                .build(),
                        1L,
                        with(OF_PRODUCER, "vela.outcome", "unknown").toBuilder()
                                .put("error.type", SendTimeoutException.class.getName())
                                .build(),
                        4L));
        assertThat(values(all.get("messaging.client.sent.messages"))).isEqualTo(Map.of(late, 4L));
        assertThat(all.get("messaging.client.operation.duration")
                        .getHistogramData()
                        .getPoints())
                .as("not of a message that was not accepted")
                .singleElement()
                .satisfies(point -> {
                    assertThat(point.getAttributes()).isEqualTo(with(late, "vela.outcome", "unknown"));
                    assertThat(point.getSum()).isEqualTo(5.0);
                });
    }

    @Test
    void partitionsAreToldApartOnRequest() {
        VelaMetrics.Messages messages =
                bound(VelaMeters.of(sdk).withPartitions()).of("orders", TOPIC);

        messages.stored(3, 2, 10, 1, false);
        messages.replayed(3, 2);
        messages.replayed(4, 1);
        messages.replayed(-1, 5);

        Map<String, MetricData> all = collect();
        assertThat(values(all.get("vela.bytes")))
                .isEqualTo(Map.of(with(OF_PRODUCER, "messaging.destination.partition.id", "3"), 10L));
        assertThat(values(all.get("vela.replayed")))
                .isEqualTo(Map.of(
                        with(OF_PRODUCER, "messaging.destination.partition.id", "3"),
                        2L,
                        with(OF_PRODUCER, "messaging.destination.partition.id", "4"),
                        1L,
                        OF_PRODUCER,
                        5L));
    }

    @Test
    void countsWhatIsReplayedAndMeasuresWaits() {
        VelaMetrics.Messages messages = meters.of("orders", TOPIC);

        messages.replayed(3, 7);
        messages.blocked(1_500_000_000L);

        Map<String, MetricData> all = collect();
        assertThat(values(all.get("vela.replayed"))).isEqualTo(Map.of(OF_PRODUCER, 7L));
        assertThat(histogram(all.get("vela.blocked"), OF_PRODUCER).getSum()).isEqualTo(1.5);
    }

    // ---- events

    private static VelaEvent event(VelaEvent.Type type, String topic, String producer, Throwable cause) {
        return new VelaEvent(
                type, Instant.EPOCH, "orders", topic, Optional.ofNullable(producer), Optional.ofNullable(cause));
    }

    @Test
    void countsEventsAndRestartsByLevelAndCause() {
        meters.of("orders", TOPIC);

        meters.onEvent(event(VelaEvent.Type.STARTED, TOPIC, null, null));
        meters.onEvent(event(
                VelaEvent.Type.RESTARTED, TOPIC + "-partition-1", "orders-0-af", new IllegalStateException("gone")));
        meters.onEvent(event(VelaEvent.Type.RESTARTED, TOPIC + "-partition-1", null, null));
        meters.onEvent(event(VelaEvent.Type.RESTARTED, TOPIC, null, null));

        assertThat(values("vela.events"))
                .isEqualTo(Map.of(
                        with(OF_PRODUCER, "vela.event", "started"), 1L,
                        with(OF_PRODUCER, "vela.event", "restarted"), 3L));
        assertThat(values("vela.restarts"))
                .isEqualTo(Map.of(
                        with(OF_PRODUCER, "vela.level", "producer").toBuilder()
                                .put("error.type", IllegalStateException.class.getName())
                                .build(),
                        1L,
                        with(OF_PRODUCER, "vela.level", "group"),
                        1L,
                        with(OF_PRODUCER, "vela.level", "handle"),
                        1L));
    }

    @Test
    void theLastEventsOfAProducerComeAfterItsEnd() {
        meters.of("orders", TOPIC).close();

        meters.onEvent(event(VelaEvent.Type.STOPPED, TOPIC + "-partition-1", "orders-0-af", null));
        meters.onEvent(event(VelaEvent.Type.STOPPED, TOPIC, null, null));
        meters.onEvent(event(VelaEvent.Type.FAILED, "", null, null));

        assertThat(values("vela.events"))
                .isEqualTo(Map.of(
                        with(OF_PRODUCER, "vela.event", "stopped"),
                        2L,
                        OF_RUNTIME.toBuilder()
                                .put("vela.name", "orders")
                                .put("vela.event", "failed")
                                .build(),
                        1L));
    }

    // ---- gauges

    private static Snapshot.Producer official(ProducerState state, Duration oldest) {
        return new Snapshot.Producer(
                "orders-0-af", TOPIC, 0, state, Instant.EPOCH, Optional.empty(), 0, 1, oldest, Optional.empty());
    }

    private static Snapshot.Group group(int partition, Snapshot.Producer... producers) {
        return new Snapshot.Group(
                TOPIC + "-partition-" + partition,
                HandleState.READY,
                Optional.empty(),
                0,
                1 + partition,
                10 + partition,
                100 + partition,
                0,
                0,
                0,
                List.of(producers));
    }

    private static Snapshot tree() {
        return new Snapshot(
                List.of(new Snapshot.Topic(
                        "orders",
                        TOPIC,
                        HandleState.DEGRADED,
                        Instant.EPOCH,
                        Optional.empty(),
                        0,
                        1,
                        4,
                        22,
                        0,
                        List.of(
                                group(
                                        0,
                                        official(ProducerState.READY, Duration.ofMillis(250)),
                                        official(ProducerState.READY, Duration.ZERO)),
                                group(1, official(ProducerState.FENCED, Duration.ofMillis(1500)))))),
                77,
                7777,
                1000,
                100_000);
    }

    private static Map<Attributes, Number> nonZero(Map<Attributes, Number> values) {
        Map<Attributes, Number> left = new HashMap<>(values);
        left.values().removeIf(value -> value.longValue() == 0);
        return left;
    }

    @Test
    void gaugesComeFromOneSnapshotForACollection() {
        snapshot = tree();
        int before = snapshots.get();

        Map<String, MetricData> all = collect();

        assertThat(snapshots.get() - before).isEqualTo(1);
        assertThat(values(all.get("vela.runtime.pending.messages"))).isEqualTo(Map.of(OF_RUNTIME, 77L));
        assertThat(values(all.get("vela.runtime.pending.bytes"))).isEqualTo(Map.of(OF_RUNTIME, 7777L));
        assertThat(values(all.get("vela.runtime.pending.messages.limit"))).isEqualTo(Map.of(OF_RUNTIME, 1000L));
        assertThat(values(all.get("vela.runtime.pending.bytes.limit"))).isEqualTo(Map.of(OF_RUNTIME, 100_000L));
        assertThat(values(all.get("vela.pending.messages"))).isEqualTo(Map.of(OF_PRODUCER, 22L));
        assertThat(values(all.get("vela.pending.bytes"))).isEqualTo(Map.of(OF_PRODUCER, 201L));
        assertThat(values(all.get("vela.waiting"))).isEqualTo(Map.of(OF_PRODUCER, 4L));
        assertThat(values(all.get("vela.inflight.oldest"))).isEqualTo(Map.of(OF_PRODUCER, 1.5));
        assertThat(values(all.get("vela.partitions")))
                .isEqualTo(Map.of(
                        with(OF_PRODUCER, "vela.kind", "routed"), 1L, with(OF_PRODUCER, "vela.kind", "known"), 2L));
        assertThat(values(all.get("vela.producers"))).hasSize(ProducerState.values().length);
        assertThat(nonZero(values(all.get("vela.producers"))))
                .isEqualTo(Map.of(
                        with(OF_PRODUCER, "vela.state", "ready"), 2L, with(OF_PRODUCER, "vela.state", "fenced"), 1L));
        assertThat(values(all.get("vela.state"))).hasSize(HandleState.values().length);
        assertThat(nonZero(values(all.get("vela.state"))))
                .isEqualTo(Map.of(with(OF_PRODUCER, "vela.state", "degraded"), 1L));
    }

    @Test
    void gaugesOfPartitionsOnRequest() {
        meters.close();
        bound(VelaMeters.of(sdk).withPartitions());
        snapshot = tree();

        Map<String, MetricData> all = collect();

        assertThat(values(all.get("vela.waiting")))
                .isEqualTo(Map.of(
                        with(OF_PRODUCER, "messaging.destination.partition.id", "0"),
                        1L,
                        with(OF_PRODUCER, "messaging.destination.partition.id", "1"),
                        2L));
        assertThat(values(all.get("vela.partitions"))).hasSize(2);
        assertThat(nonZero(values(all.get("vela.producers")))).hasSize(2);
    }

    @Test
    void aTopicWithoutPartitionsHasNoNumberOfThem() {
        snapshot = new Snapshot(
                List.of(new Snapshot.Topic(
                        "orders",
                        TOPIC,
                        HandleState.READY,
                        Instant.EPOCH,
                        Optional.empty(),
                        0,
                        0,
                        0,
                        0,
                        0,
                        List.of(group(0)))),
                0,
                0,
                0,
                0);

        Map<String, MetricData> all = collect();

        assertThat(all).containsKey("vela.state").doesNotContainKey("vela.partitions");
    }

    @Test
    void gaugesEndWithTheRuntimeAndCountersStay() {
        meters.of("orders", TOPIC).stored(0, 1, 1, 1, false);
        snapshot = tree();
        int before = snapshots.get();

        meters.close();

        Collection<MetricData> all = reader.collectAllMetrics();
        assertThat(snapshots).hasValue(before);
        assertThat(all)
                .extracting(MetricData::getName)
                .contains("vela.messages")
                .doesNotContain("vela.state");
    }

    @Test
    void noSeriesNamesAnOfficialProducer() {
        snapshot = tree();
        meters.of("orders", TOPIC);
        meters.onEvent(event(VelaEvent.Type.READY, TOPIC, "orders-0-af", null));

        assertThat(reader.collectAllMetrics())
                .flatExtracting(metric -> metric.getData().getPoints())
                .isNotEmpty()
                .extracting(PointData.class::cast)
                .noneMatch(point -> point.getAttributes().asMap().containsValue("orders-0-af"));
    }

    // ---- wrong use

    @Test
    void servesOneRuntime() {
        assertThatThrownBy(() -> meters.bind(Scripted.vela("other", () -> snapshot)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("VelaMeters must serve one runtime, was given to another: other");
    }

    @Test
    void refusesWhatIsMissing() {
        assertThatThrownBy(() -> VelaMeters.of(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("openTelemetry");
        assertThatThrownBy(() -> VelaMeters.of(sdk).of("orders", TOPIC))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("VelaMeters must be bound to a runtime first");
    }

    @Test
    void closesWithoutARuntime() {
        VelaMeters.of(sdk).close();
    }
}
