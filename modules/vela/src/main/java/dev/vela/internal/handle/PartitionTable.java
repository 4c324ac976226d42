package dev.vela.internal.handle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The partitions of a topic at one moment. Immutable.
 *
 * @param all every partition that has a group, by index
 * @param routed the leading partitions, which messages are routed to; a key's partition depends on their number
 * @param routedByTopic the routed partitions by their topics, in partition order
 */
record PartitionTable<G extends PartitionGrowth.Partition>(List<G> all, List<G> routed, Map<String, G> routedByTopic) {

    /** Creates a table that routes to the first {@code routed} partitions. */
    static <G extends PartitionGrowth.Partition> PartitionTable<G> of(List<G> all, int routed) {
        List<G> first = List.copyOf(all.subList(0, routed));
        Map<String, G> byTopic = new LinkedHashMap<>();
        first.forEach(partition -> byTopic.put(partition.getTopic(), partition));
        return new PartitionTable<>(List.copyOf(all), first, Collections.unmodifiableMap(byTopic));
    }

    /** This table with more partitions, which are not routed to. */
    PartitionTable<G> with(List<G> more) {
        List<G> joined = new ArrayList<>(all);
        joined.addAll(more);
        return of(joined, routed.size());
    }

    /** This table with the first {@code partitions} partitions routed to. */
    PartitionTable<G> routedTo(int partitions) {
        return of(all, partitions);
    }

    boolean isRouted(G partition) {
        return routedByTopic.containsKey(partition.getTopic());
    }

    /** The routed partitions by index, then the others, the highest first. */
    List<G> inStartOrder() {
        List<G> others = new ArrayList<>(all.subList(routed.size(), all.size()));
        Collections.reverse(others);
        List<G> ordered = new ArrayList<>(routed);
        ordered.addAll(others);
        return ordered;
    }
}
