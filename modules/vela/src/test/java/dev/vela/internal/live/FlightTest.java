package dev.vela.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.HandleState;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.VelaEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FlightTest {

    @TempDir
    private Path directory;

    private List<RecordedEvent> stop(Recording recording, String runtime) throws IOException {
        Path file = directory.resolve("recording.jfr");
        recording.stop();
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> runtime.equals(event.getString("runtime")))
                .toList();
    }

    @Test
    void eventsAreRecordedWithoutSecrets() throws IOException {
        EventLog log = new EventLog("life");
        try (Recording recording = new Recording()) {
            recording.enable("dev.vela.Life");
            recording.start();
            log.add(new VelaEvent(
                    VelaEvent.Type.REFUSED,
                    Instant.now(),
                    "orders",
                    "t-partition-1",
                    Optional.of("orders-1-a"),
                    Optional.of(new IllegalStateException("token=abc is bad"))));
            log.add(new VelaEvent(
                    VelaEvent.Type.GROUP_FAILED, Instant.now(), "orders", "t", Optional.empty(), Optional.empty()));

            List<RecordedEvent> events = stop(recording, "life");

            assertThat(events).extracting(event -> event.getString("type")).containsExactly("REFUSED", "GROUP_FAILED");
            RecordedEvent refused = events.get(0);
            assertThat(refused.getString("name")).isEqualTo("orders");
            assertThat(refused.getString("topic")).isEqualTo("t-partition-1");
            assertThat(refused.getString("producer")).isEqualTo("orders-1-a");
            assertThat(refused.getString("cause")).isEqualTo("IllegalStateException: token=*** is bad");
            assertThat(refused.getStackTrace()).isNull();
            assertThat(events.get(1).getString("producer")).isNull();
            assertThat(events.get(1).getString("cause")).isNull();
        }
    }

    @Test
    void groupsAreRecordedOnceInEachPeriodUntilTheEnd() throws Exception {
        AtomicReference<CountDownLatch> seen = new AtomicReference<>(new CountDownLatch(2));
        Runnable end = Flight.addGroups("groups", () -> {
            seen.get().countDown();
            return tree();
        });
        try (Recording recording = new Recording()) {
            recording.enable("dev.vela.Group").withPeriod(Duration.ofMillis(50));
            recording.start();
            assertThat(seen.get().await(1, TimeUnit.MINUTES)).isTrue();

            List<RecordedEvent> events = stop(recording, "groups");

            assertThat(events).isNotEmpty();
            RecordedEvent group = events.get(0);
            assertThat(group.getString("name")).isEqualTo("orders");
            assertThat(group.getString("topic")).isEqualTo("t-partition-0");
            assertThat(group.getString("state")).isEqualTo("DEGRADED");
            assertThat(group.getInt("waiting")).isEqualTo(2);
            assertThat(group.getLong("pendingMessages")).isEqualTo(3);
            assertThat(group.getLong("pendingBytes")).isEqualTo(4);
            assertThat(group.getLong("stored")).isEqualTo(5);
            assertThat(group.getLong("storedBytes")).isEqualTo(6);
            assertThat(group.getLong("failed")).isEqualTo(7);
            assertThat(group.getInt("restarts")).isEqualTo(1 + 10 + 20);
            assertThat(group.getInt("producers")).isEqualTo(2);
            assertThat(group.getInt("producersReady")).isEqualTo(1);
            assertThat(group.getDuration("oldestInFlight")).isEqualTo(Duration.ofMillis(1500));
        }
        end.run();

        try (Recording recording = new Recording()) {
            Runnable other = Flight.addGroups("other", () -> {
                seen.get().countDown();
                return tree();
            });
            seen.set(new CountDownLatch(2));
            recording.enable("dev.vela.Group").withPeriod(Duration.ofMillis(50));
            recording.start();
            assertThat(seen.get().await(1, TimeUnit.MINUTES)).isTrue();
            other.run();

            assertThat(stop(recording, "groups")).isEmpty();
        }
    }

    private static Snapshot tree() {
        Snapshot.Group group = new Snapshot.Group(
                "t-partition-0",
                HandleState.DEGRADED,
                Optional.empty(),
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                List.of(
                        producer(0, ProducerState.READY, 10, Duration.ofMillis(1500)),
                        producer(1, ProducerState.FENCED, 20, Duration.ZERO)));
        return new Snapshot(
                List.of(new Snapshot.Topic(
                        "orders",
                        "t",
                        HandleState.DEGRADED,
                        Instant.EPOCH,
                        Optional.empty(),
                        0,
                        1,
                        2,
                        3,
                        0,
                        List.of(group))),
                0,
                0,
                0,
                0);
    }

    private static Snapshot.Producer producer(int index, ProducerState state, int restarts, Duration oldest) {
        return new Snapshot.Producer(
                "orders-0-" + index,
                "t-partition-0",
                index,
                state,
                Instant.EPOCH,
                Optional.empty(),
                restarts,
                0,
                oldest,
                Optional.empty());
    }
}
