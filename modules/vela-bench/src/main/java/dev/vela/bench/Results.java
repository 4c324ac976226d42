package dev.vela.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The figures of all rounds of all scenarios. */
final class Results {

    private final Map<Scenario, Map<Subject, List<Map<Figure, Double>>>> rounds = new EnumMap<>(Scenario.class);

    /** Adds one round's figures of a subject. Rounds come in order, and each has all subjects of the scenario. */
    void add(Scenario scenario, Subject subject, Map<Figure, Double> figures) {
        rounds.computeIfAbsent(scenario, first -> new EnumMap<>(Subject.class))
                .computeIfAbsent(subject, first -> new ArrayList<>())
                .add(figures);
    }

    /** Drops all figures of a scenario. */
    void forget(Scenario scenario) {
        rounds.remove(scenario);
    }

    /** Returns those of the given keys that were measured, in order. */
    Set<Ratio> measured(Set<Ratio> keys) {
        Set<Ratio> measured = EnumSet.noneOf(Ratio.class);
        keys.stream().filter(key -> rounds.containsKey(key.scenario())).forEach(measured::add);
        return measured;
    }

    Set<Scenario> scenarios() {
        return rounds.keySet();
    }

    /** Returns the rounds of a subject, in order. */
    List<Map<Figure, Double>> of(Scenario scenario, Subject subject) {
        return List.copyOf(rounds.getOrDefault(scenario, Map.of()).getOrDefault(subject, List.of()));
    }

    /** Returns a subject's figure over all rounds. */
    Spread of(Scenario scenario, Subject subject, Figure figure) {
        return Spread.of(figures(scenario, subject, figure));
    }

    /**
     * Returns a ratio. Computed round by round rather than from the medians, because the figures of one round were
     * measured under the same conditions.
     */
    Spread ratio(Ratio key) {
        List<Double> of = figures(key.scenario(), key.of(), key.figure());
        List<Double> over = figures(key.scenario(), key.over(), key.figure());
        if (of.size() != over.size()) {
            throw new IllegalStateException(
                    "rounds must be whole, were " + of.size() + " and " + over.size() + " of " + key.scenario());
        }
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < of.size(); round++) {
            ratios.add(of.get(round) / over.get(round));
        }
        return Spread.of(ratios);
    }

    private List<Double> figures(Scenario scenario, Subject subject, Figure figure) {
        return of(scenario, subject).stream()
                .map(round -> Objects.requireNonNull(round.get(figure), figure::name))
                .toList();
    }
}
