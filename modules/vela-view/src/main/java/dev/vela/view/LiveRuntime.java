package dev.vela.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A runtime, as of a report.
 *
 * @param instance the id of this instance of it
 * @param name its name
 * @param time when it was looked at, by the application's clock
 * @param startedAt when it was started
 * @param restartAllowed whether the application lets a viewer restart producers
 * @param pendingMessages the messages that are accepted and not answered
 * @param maxPendingMessages how many there may be
 * @param topics its supervised producers
 * @param lastEvent the number of the last event, 0 if there was none
 * @param events the events of the report, the oldest first
 */
record LiveRuntime(
        String instance,
        String name,
        Instant time,
        Instant startedAt,
        boolean restartAllowed,
        long pendingMessages,
        long maxPendingMessages,
        List<LiveTopic> topics,
        long lastEvent,
        List<LiveEvent> events) {

    /**
     * Reads a round of reports. What is missing in one, or unknown, is taken as empty: the application may have another
     * version.
     *
     * @throws IOException if one is not understood
     */
    static List<LiveRuntime> all(List<String> reports, Rates rates) throws IOException {
        return all(Reading.NOTHING.next(reports, false), rates);
    }

    /** Returns the runtimes of the next round of reports. */
    static List<LiveRuntime> all(Reading reading, Rates rates) {
        rates.beginRound();
        return reading.reports().stream().map(report -> of(report, rates)).toList();
    }

    private static LiveRuntime of(JsonNode root, Rates rates) {
        String instance = root.path("instance").asText();
        String name = root.path("runtime").asText();
        Instant time = orElse(time(root, "time"), Instant.EPOCH);
        JsonNode snapshot = root.path("snapshot");
        return new LiveRuntime(
                instance,
                name,
                time,
                orElse(time(root, "startedAt"), time),
                root.path("restartAllowed").asBoolean(),
                snapshot.path("pendingMessages").asLong(),
                snapshot.path("maxPendingMessages").asLong(),
                list(snapshot.path("topics"), topic -> topic(topic, time, instance, rates)),
                root.path("lastEvent").asLong(),
                list(root.path("events"), event -> event(event, name)));
    }

    private static LiveTopic topic(JsonNode topic, Instant time, String instance, Rates rates) {
        String name = topic.path("name").asText();
        return new LiveTopic(
                name,
                topic.path("topic").asText(),
                topic.path("state").asText(),
                time(topic, "since"),
                text(topic, "cause"),
                topic.path("restarts").asLong(),
                topic.path("pendingMessages").asLong(),
                list(topic.path("groups"), group -> group(group, time, instance + '\n' + name, rates)));
    }

    private static LiveGroup group(JsonNode group, Instant time, String handle, Rates rates) {
        String topic = group.path("topic").asText();
        return new LiveGroup(
                topic,
                group.path("state").asText(),
                text(group, "cause"),
                group.path("restarts").asLong(),
                group.path("pendingMessages").asLong(),
                rates.perSecond(handle + '\n' + topic, group.path("stored").asLong(), time),
                list(group.path("producers"), LiveRuntime::producer));
    }

    private static LiveProducer producer(JsonNode producer) {
        return new LiveProducer(
                producer.path("name").asText(),
                producer.path("index").asInt(),
                producer.path("state").asText(),
                time(producer, "since"),
                text(producer, "cause"),
                producer.path("restarts").asLong(),
                producer.path("inFlight").asLong(),
                producer.path("oldestInFlightMillis").asLong(),
                text(producer, "broker"));
    }

    private static LiveEvent event(JsonNode event, String runtime) {
        return new LiveEvent(
                runtime,
                event.path("number").asLong(),
                orElse(time(event, "time"), Instant.EPOCH),
                event.path("type").asText(),
                event.path("name").asText(),
                event.path("topic").asText(),
                text(event, "producer"),
                text(event, "cause"));
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
        List<T> list = new ArrayList<>(array.size());
        array.forEach(node -> list.add(element.apply(node)));
        return List.copyOf(list);
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.path(field).asText() : null;
    }

    private static @Nullable Instant time(JsonNode node, String field) {
        try {
            String text = text(node, field);
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Instant orElse(@Nullable Instant time, Instant otherwise) {
        return time == null ? otherwise : time;
    }
}
