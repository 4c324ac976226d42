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
 * @param routed the first of them, which messages are routed to; a key's partition depends on how many these are
 * @param routedByTopic the same by their topics, in partition order
 */
record PartitionTable<G extends PartitionGrowth.Partition>(List<G> all, List<G> routed, Map<String, G> routedByTopic) {

    /** The first so many of these are routed to. */
    static <G extends PartitionGrowth.Partition> PartitionTable<G> of(List<G> all, int routed) {
        List<G> first = List.copyOf(all.subList(0, routed));
        Map<String, G> byTopic = new LinkedHashMap<>();
        first.forEach(partition -> byTopic.put(partition.getTopic(), partition));
        return new PartitionTable<>(List.copyOf(all), first, Collections.unmodifiableMap(byTopic));
    }

    /** The same with more partitions, which are not routed to. */
    PartitionTable<G> with(List<G> more) {
        List<G> joined = new ArrayList<>(all);
        joined.addAll(more);
        return of(joined, routed.size());
    }

    /** The same with more of them routed to. */
    PartitionTable<G> routedTo(int partitions) {
        return of(all, partitions);
    }

    boolean isRouted(G partition) {
        return routedByTopic.containsKey(partition.getTopic());
    }

    /** Those that are routed to by index, then the others, the highest first. */
    List<G> inStartOrder() {
        List<G> others = new ArrayList<>(all.subList(routed.size(), all.size()));
        Collections.reverse(others);
        List<G> ordered = new ArrayList<>(routed);
        ordered.addAll(others);
        return ordered;
    }
}
