package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import jdk.jfr.consumer.RecordingStream;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording tells afterwards what happened. */
class FlightRecorderIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void aRecordingTellsTheStoryOfAnIncident(@TempDir Path directory) throws Exception {
        String topic = Broker.freshTopic("recorded");
        Queue<String> states = new ConcurrentLinkedQueue<>();
        Path file = directory.resolve("incident.jfr");
        try (RecordingStream recording = new RecordingStream();
                Vela vela =
                        Vela.builder().client(Broker.client()).name("recorded").build()) {
            // Given somebody who records
            recording.enable("dev.vela.Life");
            recording.enable("dev.vela.Group").withPeriod(Duration.ofMillis(100));
            recording.onEvent("dev.vela.Group", event -> {
                if (topic.equals(event.getString("topic"))) {
                    states.add(event.getString("state"));
                }
            });
            recording.startAsync();

            // When a producer is fenced, and restarted
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .name("orders")
                    .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                    .start();
            group.send("mine");
            try (Producer<String> rival = Broker.client()
                    .newProducer(Schema.STRING)
                    .topic(topic)
                    .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                    .create()) {
                rival.send("theirs");
                assertThat(catchThrowable(() -> group.send("fenced"))).isNotNull();
            }
            await().atMost(LONG).until(() -> states.contains("DOWN"));
            states.clear();
            group.restart();
            group.awaitReady(LONG);
            group.send("mine again");
            await().atMost(LONG).until(() -> states.contains("READY"));
            recording.dump(file);
        }

        // Then the file says so
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.hasField("topic") && topic.equals(event.getString("topic")))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime)) // the file is in order for each thread only
                .toList();
        List<RecordedEvent> life = of(events, "dev.vela.Life");
        assertThat(life)
                .extracting(event -> event.getString("type"))
                .containsSubsequence("STARTED", "READY", "DIED", "FENCED", "READY");
        assertThat(life)
                .filteredOn(event -> event.getString("type").equals("FENCED"))
                .singleElement()
                .satisfies(fenced -> {
                    assertThat(fenced.getString("runtime")).isEqualTo("recorded");
                    assertThat(fenced.getString("name")).isEqualTo("orders");
                    assertThat(fenced.getString("producer")).startsWith("orders-0");
                    assertThat(fenced.getString("cause")).startsWith("ProducerFencedException: ");
                });
        List<RecordedEvent> groups = of(events, "dev.vela.Group");
        assertThat(groups).extracting(event -> event.getString("state")).containsSubsequence("DOWN", "READY");
        assertThat(groups).anySatisfy(event -> {
            assertThat(event.getString("state")).isEqualTo("DOWN");
            assertThat(event.getInt("producers")).isOne();
            assertThat(event.getInt("producersReady")).isZero();
            assertThat(event.getLong("stored")).isOne();
            assertThat(event.getLong("failed")).isOne();
        });
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String type) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(type))
                .toList();
    }
}
