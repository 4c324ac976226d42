package dev.vela.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/** A run that never was: three rounds, in which Vela was twice as good at everything, the unbatched one excepted. */
final class Samples {

    static final Plan PLAN = new Plan(EnumSet.allOf(Ratio.class), 3, 1, Duration.ofSeconds(2), 100_000);
    static final Machine MACHINE = new Machine(2, "Linux amd64", "A VM 17", "4.2.4", 1L << 30, 0.5);

    private static final double OFFICIAL = 1_000;

    private Samples() {}

    static Results results() {
        Results results = new Results();
        for (Scenario scenario : PLAN.scenarios()) {
            for (int round = 1; round <= PLAN.rounds(); round++) {
                for (Subject subject : scenario.subjects()) {
                    results.add(scenario, subject, figures(subject == Subject.VELA ? 2 : 1, round));
                }
            }
        }
        return results;
    }

    private static Map<Figure, Double> figures(double better, int round) {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        for (Figure figure : Figure.values()) {
            figures.put(figure, round * (figure == Figure.THROUGHPUT ? OFFICIAL * better : OFFICIAL / better));
        }
        return figures;
    }
}
