package dev.vela.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What turns one JSON value into another. As a JSON merge patch (RFC 7396): the changed members of an object, null for one
 * that is gone. An array of the same length is patched by an object whose members are the indexes of the changed elements;
 * any other array replaces the former one.
 */
final class Difference {

    private Difference() {}

    /** Returns the patch from one value to another, or null if they are equal. */
    static @Nullable JsonNode between(JsonNode before, JsonNode after) {
        if (before.isObject() && after.isObject()) {
            return ofObjects(before, after);
        }
        if (before.isArray() && after.isArray() && before.size() == after.size()) {
            return ofArrays(before, after);
        }
        return before.equals(after) ? null : after;
    }

    private static @Nullable JsonNode ofObjects(JsonNode before, JsonNode after) {
        ObjectNode patch = null;
        for (Map.Entry<String, JsonNode> member : after.properties()) {
            JsonNode former = before.get(member.getKey());
            JsonNode change = former == null ? member.getValue() : between(former, member.getValue());
            if (change != null) {
                patch = orNew(patch);
                patch.set(member.getKey(), change);
            }
        }
        for (Map.Entry<String, JsonNode> member : before.properties()) {
            if (!after.has(member.getKey())) {
                patch = orNew(patch);
                patch.putNull(member.getKey());
            }
        }
        return patch;
    }

    private static @Nullable JsonNode ofArrays(JsonNode before, JsonNode after) {
        ObjectNode patch = null;
        for (int i = 0; i < after.size(); i++) {
            JsonNode change = between(before.get(i), after.get(i));
            if (change != null) {
                patch = orNew(patch);
                patch.set(Integer.toString(i), change);
            }
        }
        return patch;
    }

    private static ObjectNode orNew(@Nullable ObjectNode patch) {
        return patch == null ? JsonNodeFactory.instance.objectNode() : patch;
    }
}
