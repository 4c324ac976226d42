package dev.vela.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What a page does with the changes that it gets. */
final class Merge {

    private Merge() {}

    /** Returns a value with a patch applied: a JSON merge patch, for arrays by index. */
    static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        if (target instanceof ArrayNode array) {
            for (Map.Entry<String, JsonNode> member : patch.properties()) {
                int index = Integer.parseInt(member.getKey());
                array.set(index, apply(array.get(index), member.getValue()));
            }
            return array;
        }
        ObjectNode object = target instanceof ObjectNode given ? given : ((ObjectNode) patch).objectNode();
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            if (member.getValue().isNull()) {
                object.remove(member.getKey());
            } else {
                object.set(member.getKey(), apply(object.path(member.getKey()), member.getValue()));
            }
        }
        return object;
    }

    /** Returns everything that there is to show, after changes. */
    static ObjectNode apply(ObjectNode before, ObjectNode changes) {
        ObjectNode after = changes.deepCopy();
        ArrayNode reports = after.putArray("reports");
        for (JsonNode change : changes.path("reports")) {
            reports.add(report(find(before.path("reports"), "instance", change.path("instance")), (ObjectNode) change));
        }
        return after;
    }

    private static ObjectNode report(JsonNode former, ObjectNode change) {
        if (former.isMissingNode()) {
            return change;
        }
        ObjectNode before = (ObjectNode) former.deepCopy();
        ObjectNode after = before.deepCopy();
        after.setAll(change.deepCopy());
        ObjectNode snapshot = after.putObject("snapshot");
        snapshot.setAll((ObjectNode) before.path("snapshot"));
        snapshot.setAll((ObjectNode) change.path("snapshot").deepCopy());
        snapshot.remove("gone");
        ArrayNode topics = snapshot.putArray("topics");
        for (JsonNode topic : before.path("snapshot").path("topics")) {
            JsonNode patch = find(change.path("snapshot").path("topics"), "name", topic.path("name"));
            boolean gone = false;
            for (JsonNode name : change.path("snapshot").path("gone")) {
                gone |= name.equals(topic.path("name"));
            }
            if (!gone) {
                topics.add(patch.isMissingNode() ? topic : apply(topic.deepCopy(), patch));
            }
        }
        for (JsonNode topic : change.path("snapshot").path("topics")) {
            if (find(before.path("snapshot").path("topics"), "name", topic.path("name"))
                    .isMissingNode()) {
                topics.add(topic);
            }
        }
        ArrayNode events = after.putArray("events");
        events.addAll((ArrayNode) before.path("events"));
        events.addAll((ArrayNode) change.path("events"));
        return after;
    }

    private static JsonNode find(JsonNode list, String key, JsonNode value) {
        for (JsonNode one : list) {
            if (one.path(key).equals(value)) {
                return one;
            }
        }
        return list.path(list.size()); // missing
    }
}
