package dev.vela.internal.supervision;

import dev.vela.ChildSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A supervisor's children, left to right in the order of their first starts. Confined to the control thread. */
final class Children {

    private final Map<String, ChildSlot> slots = new LinkedHashMap<>();

    void add(ChildSlot slot) {
        slots.put(slot.spec().id(), slot);
    }

    void remove(ChildSlot slot) {
        slots.remove(slot.spec().id());
    }

    @Nullable
    ChildSlot get(String id) {
        return slots.get(id);
    }

    /** A copy, so that children may be removed meanwhile. */
    List<ChildSlot> rightToLeft() {
        List<ChildSlot> copy = new ArrayList<>(slots.values());
        Collections.reverse(copy);
        return copy;
    }

    /** The first id that is taken, or occurs twice in {@code specs}; null if there is none. */
    @Nullable
    String duplicate(List<ChildSpec> specs) {
        Set<String> ids = new HashSet<>(slots.keySet());
        for (ChildSpec spec : specs) {
            if (!ids.add(spec.id())) {
                return spec.id();
            }
        }
        return null;
    }

    /** The state of each child, left to right. */
    Map<String, ChildState> states() {
        Map<String, ChildState> states = new LinkedHashMap<>();
        slots.forEach((id, slot) -> states.put(id, slot.state()));
        return Collections.unmodifiableMap(states);
    }
}
