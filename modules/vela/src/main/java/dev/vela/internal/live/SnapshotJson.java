package dev.vela.internal.live;

import dev.vela.Snapshot;

/** Writes snapshots as JSON. */
final class SnapshotJson {
    private static final int PRODUCER_LENGTH = 320; // on average, with its part of the rest
    private static final int REST_LENGTH = 1024;

    private final JsonText json;
    private final CauseTexts causes;

    SnapshotJson(JsonText json, CauseTexts causes) {
        this.json = json;
        this.causes = causes;
    }

    static int expectedLength(Snapshot snapshot) {
        int producers = 0;
        for (Snapshot.Topic topic : snapshot.topics()) {
            for (Snapshot.Group group : topic.groups()) {
                producers += group.producers().size();
            }
        }
        return REST_LENGTH + producers * PRODUCER_LENGTH;
    }

    /** The fields of a snapshot; the object around them is the caller's. */
    void write(Snapshot snapshot) {
        json.field("pendingMessages", snapshot.pendingMessages())
                .field("pendingBytes", snapshot.pendingBytes())
                .field("maxPendingMessages", snapshot.maxPendingMessages())
                .field("maxPendingBytes", snapshot.maxPendingBytes())
                .beginArray("topics");
        snapshot.topics().forEach(this::write);
        json.endArray();
    }

    private void write(Snapshot.Topic topic) {
        json.beginObject()
                .field("name", topic.name())
                .field("topic", topic.topic())
                .field("state", topic.state())
                .field("since", topic.since())
                .field("cause", causes.of(topic.lastCause()))
                .field("restarts", topic.restarts())
                .field("partitions", topic.partitions())
                .field("waiting", topic.waiting())
                .field("pendingMessages", topic.pendingMessages())
                .field("failed", topic.failed())
                .beginArray("groups");
        topic.groups().forEach(this::write);
        json.endArray().endObject();
    }

    private void write(Snapshot.Group group) {
        json.beginObject()
                .field("topic", group.topic())
                .field("state", group.state())
                .field("cause", causes.of(group.lastCause()))
                .field("restarts", group.restarts())
                .field("waiting", group.waiting())
                .field("pendingMessages", group.pendingMessages())
                .field("pendingBytes", group.pendingBytes())
                .field("stored", group.stored())
                .field("storedBytes", group.storedBytes())
                .field("failed", group.failed())
                .beginArray("producers");
        group.producers().forEach(this::write);
        json.endArray().endObject();
    }

    private void write(Snapshot.Producer producer) {
        json.beginObject()
                .field("name", producer.name())
                .field("index", producer.index())
                .field("state", producer.state())
                .field("since", producer.since())
                .field("cause", causes.of(producer.lastCause()))
                .field("restarts", producer.restarts())
                .field("inFlight", producer.inFlight())
                .field("oldestInFlightMillis", producer.oldestInFlight().toMillis())
                .field("broker", producer.broker().orElse(null))
                .endObject();
    }
}
