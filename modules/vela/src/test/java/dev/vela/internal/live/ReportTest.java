package dev.vela.internal.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vela.HandleState;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.VelaEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Instant SINCE = Instant.parse("2026-11-28T15:00:00.123456Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EventLog events = new EventLog("shop");
    private Snapshot snapshot = new Snapshot(List.of(), 1, 2, 3, 4);
    private long nanos;
    private int snapshots;
    private final Management management = new Management(
            Runtimes.withSnapshot(() -> {
                snapshots++;
                return snapshot;
            }),
            "shop",
            true,
            events,
            () -> nanos);

    private JsonNode report(long after) throws IOException {
        return JSON.readTree(management.report(after));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Snapshot tree(Optional<Throwable> cause, Optional<String> broker) {
        Snapshot.Producer producer = new Snapshot.Producer(
                "orders-0-a1",
                "t-partition-0",
                7,
                ProducerState.FENCED,
                SINCE,
                cause,
                1,
                2,
                Duration.ofMillis(3),
                broker);
        Snapshot.Group group =
                new Snapshot.Group("t-partition-0", HandleState.DOWN, cause, 4, 5, 6, 7, 8, 9, 10, List.of(producer));
        return new Snapshot(
                List.of(new Snapshot.Topic(
                        "orders", "t", HandleState.DEGRADED, SINCE, cause, 11, 12, 13, 14, 15, List.of(group))),
                1,
                2,
                3,
                4);
    }

    @Test
    void hasEveryFieldOfTheSnapshot() throws IOException {
        snapshot = tree(Optional.of(new IllegalStateException("no")), Optional.of("host:6650"));
        events.add(new VelaEvent(
                VelaEvent.Type.DIED,
                SINCE,
                "orders",
                "t-partition-0",
                Optional.of("orders-0-a1"),
                Optional.of(new IllegalStateException("no"))));

        JsonNode report = report(0);

        assertThat(names(report))
                .containsExactly(
                        "format",
                        "instance",
                        "runtime",
                        "pid",
                        "time",
                        "startedAt",
                        "restartAllowed",
                        "snapshot",
                        "lastEvent",
                        "events");
        assertThat(report.get("format").intValue()).isEqualTo(1);
        assertThat(report.get("instance").textValue()).matches("[0-9a-f]{16}");
        assertThat(report.get("runtime").textValue()).isEqualTo("shop");
        assertThat(report.get("pid").longValue())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(Instant.parse(report.get("time").textValue()))
                .isAfterOrEqualTo(Instant.parse(report.get("startedAt").textValue()));
        assertThat(report.get("snapshot")).isEqualTo(JSON.readTree("""
                        {"pendingMessages": 1, "pendingBytes": 2, "maxPendingMessages": 3, "maxPendingBytes": 4,
                         "topics": [{"name": "orders", "topic": "t", "state": "DEGRADED",
                           "since": "2026-11-28T15:00:00.123Z", "cause": "IllegalStateException: no", "restarts": 11,
                           "partitions": 12, "waiting": 13, "pendingMessages": 14, "failed": 15,
                           "groups": [{"topic": "t-partition-0", "state": "DOWN", "cause": "IllegalStateException: no",
                             "restarts": 4, "waiting": 5, "pendingMessages": 6, "pendingBytes": 7,
                             "stored": 8, "storedBytes": 9, "failed": 10,
                             "producers": [{"name": "orders-0-a1", "index": 7, "state": "FENCED",
                               "since": "2026-11-28T15:00:00.123Z", "cause": "IllegalStateException: no",
                               "restarts": 1, "inFlight": 2, "oldestInFlightMillis": 3, "broker": "host:6650"}]}]}]}
                        """));
        assertThat(report.get("events")).isEqualTo(JSON.readTree("""
                        [{"number": 1, "time": "2026-11-28T15:00:00.123Z", "type": "DIED", "name": "orders",
                          "topic": "t-partition-0", "producer": "orders-0-a1", "cause": "IllegalStateException: no"}]
                        """));
        assertThat(JSON.readTree(management.snapshotJson())).isEqualTo(report.get("snapshot"));
    }

    @Test
    void hasNoFieldForWhatThereIsNot() throws IOException {
        snapshot = tree(Optional.empty(), Optional.empty());
        events.add(new VelaEvent(VelaEvent.Type.STOPPED, SINCE, "orders", "t", Optional.empty(), Optional.empty()));

        JsonNode report = report(0);

        assertThat(report.findValues("cause")).isEmpty();
        assertThat(report.findValues("broker")).isEmpty();
        assertThat(report.findValues("producer")).isEmpty();
    }

    @Test
    void anyTextSurvivesAndHalfACharacterIsReplaced() throws IOException {
        StringBuilder every = new StringBuilder();
        for (int c = 0; c < Character.MIN_SURROGATE; c++) {
            every.append((char) c);
        }
        every.append("😀");

        for (String text : List.of(every.toString(), "\ud83d", "\ude00", "\ude00\ud83d", "a\ud83db", "\\u0041\"", "")) {
            JsonText json = new JsonText(16);
            json.beginObject().field("a", text).field("b", text).endObject();

            String expected = text.equals(every.toString())
                    ? text
                    : text.replace('\ud83d', '\ufffd').replace('\ude00', '\ufffd');
            assertThat(JSON.readTree(json.toString()).get("a").textValue()).isEqualTo(expected);
            assertThat(JSON.readTree(json.toString()).get("b").textValue()).isEqualTo(expected);
        }
    }

    @Test
    void numbersThatAreReadTogetherAreOfOneSnapshot() {
        snapshot = tree(Optional.empty(), Optional.empty());

        assertThat(management.getProducers()).isEqualTo(1);
        assertThat(management.getProducersDown()).isEqualTo(1);
        assertThat(management.getPendingMessages()).isEqualTo(1);
        assertThat(management.getPendingBytes()).isEqualTo(2);
        assertThat(snapshots).isEqualTo(1);

        snapshot = new Snapshot(List.of(), 5, 6, 7, 8);
        nanos += 100_000_000;
        assertThat(management.getProducers()).isZero();
        assertThat(management.getPendingMessages()).isEqualTo(5);
        assertThat(snapshots).isEqualTo(2);

        management.close();
        assertThat(management.getPendingMessages()).isZero();
    }

    /** A failure whose class cannot tell its simple name: the class around it is missing. */
    static final class Nameless extends RuntimeException {}

    @Test
    void anEventIsKeptEvenIfItsCauseHasNoText() throws Exception {
        ClassLoader withoutThis = new OwnLoader() {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.equals(ReportTest.class.getName())) {
                    throw new ClassNotFoundException(name);
                }
                return super.loadClass(name, resolve);
            }
        };
        var constructor = withoutThis.loadClass(Nameless.class.getName()).getDeclaredConstructor();
        constructor.setAccessible(true);
        Throwable cause = (Throwable) constructor.newInstance();

        events.add(new VelaEvent(VelaEvent.Type.DIED, SINCE, "orders", "t", Optional.empty(), Optional.of(cause)));

        assertThat(report(0).get("events").findValuesAsText("cause"))
                .singleElement()
                .asString()
                .contains("Nameless");
    }

    @Test
    void aReaderGetsTheEventsThatItDoesNotHave() throws IOException {
        assertThat(report(0).get("lastEvent").longValue()).isZero();
        for (int i = 1; i <= EventLog.CAPACITY + 5; i++) {
            events.add(new VelaEvent(VelaEvent.Type.READY, SINCE, "n" + i, "t", Optional.empty(), Optional.empty()));
        }

        JsonNode all = report(0);
        assertThat(all.get("lastEvent").longValue()).isEqualTo(EventLog.CAPACITY + 5);
        assertThat(all.get("events")).hasSize(EventLog.CAPACITY);
        assertThat(all.get("events").get(0).get("number").longValue()).isEqualTo(6);
        assertThat(all.get("events").get(0).get("name").textValue()).isEqualTo("n6");

        assertThat(report(EventLog.CAPACITY + 3).get("events")).hasSize(2);
        assertThat(report(EventLog.CAPACITY + 5).get("events")).isEmpty();
        assertThat(report(EventLog.CAPACITY + 6).get("events")).hasSize(EventLog.CAPACITY); // of an earlier runtime
        assertThatThrownBy(() -> management.report(-1)).hasMessage("afterEvent must be >= 0, was -1");
    }
}
