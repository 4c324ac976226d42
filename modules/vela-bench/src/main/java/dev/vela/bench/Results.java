package dev.vela.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The figures of all rounds, in pairs: what was measured directly after each other. */
final class Results {

    private final Map<Metric, List<Pair>> pairs = new EnumMap<>(Metric.class);

    /** One round's figure of each. */
    record Pair(double official, double vela) {
        double ratio() {
            return vela / official;
        }
    }

    /** Adds what one round found for the same metrics. */
    void add(Map<Metric, Double> official, Map<Metric, Double> vela) {
        if (!official.keySet().equals(vela.keySet())) {
            throw new IllegalArgumentException(
                    "both must have the same metrics, were " + official.keySet() + " and " + vela.keySet());
        }
        official.forEach((metric, figure) -> pairs.computeIfAbsent(metric, first -> new ArrayList<>())
                .add(new Pair(figure, Objects.requireNonNull(vela.get(metric)))));
    }

    Set<Metric> metrics() {
        return pairs.keySet();
    }

    List<Pair> of(Metric metric) {
        return List.copyOf(pairs.getOrDefault(metric, List.of()));
    }

    Spread official(Metric metric) {
        return Spread.of(of(metric).stream().map(Pair::official).toList());
    }

    Spread vela(Metric metric) {
        return Spread.of(of(metric).stream().map(Pair::vela).toList());
    }

    /** Vela's figure divided by the official one, pair by pair. Not the ratio of the medians: pairs share their moment. */
    Spread ratio(Metric metric) {
        return Spread.of(of(metric).stream().map(Pair::ratio).toList());
    }
}
