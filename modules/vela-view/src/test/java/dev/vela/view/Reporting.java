package dev.vela.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Writes reports, as an application would. */
final class Reporting {

    static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectNode root = MAPPER.createObjectNode();
    private final ArrayNode topics;
    private final ArrayNode events;

    Reporting(String instance) {
        root.put("format", 1).put("instance", instance).put("runtime", "vela").put("pid", 4711);
        root.put("time", NOON.toString())
                .put("startedAt", NOON.minusSeconds(7_200).toString());
        root.put("restartAllowed", true);
        root.put("lastEvent", 0);
        events = root.putArray("events");
        topics = root.putObject("snapshot")
                .put("pendingMessages", 12)
                .put("maxPendingMessages", 1_000_000)
                .putArray("topics");
    }

    Reporting time(Instant time) {
        root.put("time", time.toString());
        return this;
    }

    Reporting restartAllowed(boolean allowed) {
        root.put("restartAllowed", allowed);
        return this;
    }

    Reporting unknown(String field) {
        root.putObject(field).put("of", "the future");
        return this;
    }

    Topic topic(String name, String state) {
        return new Topic(topics.addObject()
                .put("name", name)
                .put("topic", "persistent://public/default/" + name)
                .put("state", state)
                .put("since", NOON.minusSeconds(180).toString())
                .put("restarts", 0));
    }

    Reporting event(long number, String type, String name, String cause) {
        events.addObject()
                .put("number", number)
                .put("time", NOON.plusSeconds(number).toString())
                .put("type", type)
                .put("name", name)
                .put("topic", "persistent://public/default/" + name)
                .put("cause", cause);
        root.put("lastEvent", number);
        return this;
    }

    /** A supervised producer of the report. */
    static final class Topic {

        private final ObjectNode node;
        private final ArrayNode groups;

        private Topic(ObjectNode node) {
            this.node = node;
            groups = node.putArray("groups");
        }

        Topic cause(String cause) {
            node.put("cause", cause);
            return this;
        }

        /** Adds a group with a producer. */
        Topic group(String suffix, String state, long stored, long pending, long oldest, long restarts) {
            ObjectNode group = groups.addObject()
                    .put("topic", node.get("topic").asText() + suffix)
                    .put("state", state)
                    .put("restarts", 0)
                    .put("pendingMessages", pending)
                    .put("stored", stored);
            group.putArray("producers")
                    .addObject()
                    .put("name", "producer" + suffix)
                    .put("index", 0)
                    .put("state", state)
                    .put("since", NOON.minusSeconds(60).toString())
                    .put("restarts", restarts)
                    .put("inFlight", pending)
                    .put("oldestInFlightMillis", oldest)
                    .put("broker", "broker:6650");
            node.put("pendingMessages", node.path("pendingMessages").asLong() + pending);
            return this;
        }

        /** Gives the last group a cause of its own. */
        Topic groupCause(String cause) {
            ((ObjectNode) groups.get(groups.size() - 1)).put("cause", cause);
            return this;
        }

        /** Gives the last producer a cause. */
        Topic causeBelow(String cause) {
            ArrayNode producers = (ArrayNode) groups.get(groups.size() - 1).get("producers");
            ((ObjectNode) producers.get(producers.size() - 1)).put("cause", cause);
            return this;
        }
    }

    String json() {
        return root.toString();
    }

    LiveRuntime parsed() {
        try {
            return LiveRuntime.all(List.of(json()), new Rates()).get(0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Watched watched(LiveRuntime... runtimes) {
        return new Watched(
                1, "process 4711 (com.example.Orders)", Watched.Link.LIVE, NOON, "", List.of(runtimes), List.of());
    }
}
