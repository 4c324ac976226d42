package dev.vela.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last report of each runtime of an application, with the events that are kept.
 *
 * <p>Immutable.
 *
 * @param runtimes by the id of the instance
 */
record Reading(Map<String, Instance> runtimes) {

    static final int FORMAT = 1;
    static final int MOST_EVENTS = 1_000;
    static final Reading NOTHING = new Reading(Map.of());

    private static final JsonMapper JSON = new JsonMapper();
    private static final String NO_REPORT = "the application's report is not a JSON object";

    /**
     * A runtime.
     *
     * @param report its report without the events
     * @param events oldest first
     * @param topics those of the report by their names
     */
    record Instance(ObjectNode report, List<JsonNode> events, Map<String, JsonNode> topics) {

        private long lastEvent() {
            return report.path("lastEvent").asLong();
        }

        /** Returns the whole report, with the events after the given one. */
        private ObjectNode whole(long afterEvent) {
            ObjectNode whole = report.objectNode();
            whole.setAll(report);
            return withEvents(whole, afterEvent);
        }

        private ObjectNode withEvents(ObjectNode target, long afterEvent) {
            ArrayNode list = target.putArray("events");
            for (JsonNode event : events) {
                if (event.path("number").asLong() > afterEvent) {
                    list.add(event);
                }
            }
            return target;
        }

        /** Returns what changed, with the new events. */
        private ObjectNode since(Instance before) {
            ObjectNode changes = report.objectNode();
            for (Map.Entry<String, JsonNode> member : report.properties()) {
                String key = member.getKey();
                if (key.equals("instance")) {
                    changes.set(key, member.getValue());
                } else if (key.equals("snapshot")) {
                    changes.set(key, snapshotSince(before));
                } else if (!member.getValue().equals(before.report.get(key))) {
                    changes.set(key, member.getValue());
                }
            }
            return withEvents(changes, before.lastEvent());
        }

        private ObjectNode snapshotSince(Instance before) {
            ObjectNode changes = report.objectNode();
            for (Map.Entry<String, JsonNode> member : report.path("snapshot").properties()) {
                String key = member.getKey();
                if (!key.equals("topics")
                        && !member.getValue()
                                .equals(before.report.path("snapshot").get(key))) {
                    changes.set(key, member.getValue());
                }
            }
            ArrayNode changed = changes.putArray("topics");
            for (Map.Entry<String, JsonNode> topic : topics.entrySet()) {
                JsonNode former = before.topics.get(topic.getKey());
                JsonNode change = former == null ? topic.getValue() : Difference.between(former, topic.getValue());
                if (former == null) {
                    changed.add(topic.getValue());
                } else if (change instanceof ObjectNode members) {
                    changed.add(members.put("name", topic.getKey()));
                }
            }
            ArrayNode gone = changes.arrayNode();
            before.topics.keySet().stream()
                    .filter(name -> !topics.containsKey(name))
                    .forEach(gone::add);
            if (!gone.isEmpty()) {
                changes.set("gone", gone);
            }
            return changes;
        }
    }

    /**
     * Takes in new reports. Runtimes without one are gone.
     *
     * @param readOnly whether the reports must say that restarts are not allowed
     * @throws IOException if a report is not understood
     */
    Reading next(List<String> reports, boolean readOnly) throws IOException {
        Map<String, Instance> next = new LinkedHashMap<>();
        for (String json : reports) {
            if (!(tree(json) instanceof ObjectNode report)) {
                throw new IOException(NO_REPORT);
            }
            if (report.path("format").asInt() != FORMAT) {
                throw new IOException("the application's report has the format "
                        + report.path("format").asText("(none)") + ", this viewer knows " + FORMAT
                        + ": its Vela is newer");
            }
            JsonNode events = report.remove("events");
            if (readOnly) {
                report.put("restartAllowed", false);
            }
            String instance = report.path("instance").asText();
            if (instance.isEmpty()) {
                throw new IOException("the application's report has no instance");
            }
            next.put(instance, new Instance(report, kept(runtimes.get(instance), events), topics(report)));
        }
        return new Reading(next);
    }

    private static JsonNode tree(String json) throws IOException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IOException(NO_REPORT, e);
        }
    }

    private static List<JsonNode> kept(@Nullable Instance before, @Nullable JsonNode added) {
        Deque<JsonNode> events = new ArrayDeque<>();
        long last = 0;
        if (before != null) {
            events.addAll(before.events);
            last = before.lastEvent();
        }
        if (added != null) {
            for (JsonNode event : added) {
                if (event.path("number").asLong() > last) {
                    events.add(event);
                }
            }
        }
        while (events.size() > MOST_EVENTS) {
            events.remove();
        }
        return new ArrayList<>(events);
    }

    private static Map<String, JsonNode> topics(ObjectNode report) {
        Map<String, JsonNode> topics = new LinkedHashMap<>();
        for (JsonNode topic : report.path("snapshot").path("topics")) {
            topics.put(topic.path("name").asText(), topic);
        }
        return topics;
    }

    /** Returns all reports, with the events. */
    List<ObjectNode> reports() {
        return runtimes.values().stream().map(runtime -> runtime.whole(0)).toList();
    }

    /** Returns the number of the last event of each runtime. */
    Map<String, Long> lastEvents() {
        Map<String, Long> last = new HashMap<>();
        runtimes.forEach((instance, runtime) -> last.put(instance, runtime.lastEvent()));
        return last;
    }

    /** Writes all reports, with the events after the given ones, into the answer. */
    void writeAll(ObjectNode answer, Map<String, Long> afterEvents) {
        ArrayNode reports = answer.putArray("reports");
        runtimes.forEach((instance, runtime) -> reports.add(runtime.whole(afterEvents.getOrDefault(instance, 0L))));
    }

    /** Writes what changed since a former reading into the answer. */
    void writeSince(Reading before, ObjectNode answer) {
        ArrayNode reports = answer.putArray("reports");
        runtimes.forEach((instance, runtime) -> {
            Instance former = before.runtimes.get(instance);
            reports.add(former == null ? runtime.whole(0) : runtime.since(former));
        });
    }
}
