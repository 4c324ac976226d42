package dev.vela.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.PulsarClientException;

/** Measures the subjects of each scenario in turn, round by round. */
final class Benchmark {
    /*
     * The speed of a machine that also does other work changes from one minute to the next. So the subjects are
     * measured directly after each other, and ratios are computed within such a round. Each round starts with another
     * subject, so that leftovers (garbage, a busy disk) burden all subjects alike.
     */
    private final Plan plan;
    private final Cluster cluster;
    private final Consumer<String> progress;

    Benchmark(Plan plan, Cluster cluster, Consumer<String> progress) {
        this.plan = plan;
        this.cluster = cluster;
        this.progress = progress;
    }

    /**
     * Runs all scenarios of the plan.
     *
     * @throws IllegalStateException if a message was not acknowledged, or the broker counted more or fewer messages
     */
    Results run() throws Exception {
        Results results = new Results();
        int number = 0;
        for (Scenario scenario : plan.scenarios()) {
            progress.accept(String.format(
                    "%s (%d of %d)",
                    scenario.label(), ++number, plan.scenarios().size()));
            if (scenario.load().isIdle()) {
                growIfPossible(scenario, results);
            } else {
                run(scenario, results);
            }
        }
        return results;
    }

    /** A cluster may refuse thousands of producers, or their topics. Then the figures of the others still count. */
    private void growIfPossible(Scenario scenario, Results results) throws Exception {
        try {
            grow(scenario, results);
        } catch (PulsarClientException | CompletionException e) {
            results.forget(scenario);
            progress.accept(scenario.label() + " could not be measured: " + e);
        }
    }

    private void grow(Scenario scenario, Results results) throws Exception {
        if (scenario.topic().partitions() == 0) {
            grow(scenario, BenchTopic.nameFor(scenario), results);
            return;
        }
        try (BenchTopic topic = BenchTopic.create(scenario, cluster.admin())) {
            grow(scenario, topic.name(), results);
        }
    }

    private void grow(Scenario scenario, String topic, Results results) throws PulsarClientException {
        Growth growth = new Growth(cluster.serviceUrl(), topic, scenario, plan.idleLength());
        for (int round = 1 - plan.warmupRounds(scenario); round <= plan.rounds(scenario); round++) {
            for (Subject subject : order(scenario, round)) {
                Map<Figure, Double> figures = growth.measure(subject, round >= 1);
                if (round >= 1) {
                    results.add(scenario, subject, figures);
                }
            }
        }
    }

    private void run(Scenario scenario, Results results) throws Exception {
        try (BenchTopic topic = BenchTopic.create(scenario, cluster.admin());
                Senders senders = new Senders(cluster.serviceUrl(), topic.name(), scenario, plan.outstanding())) {
            Map<Subject, Sender> ready = new EnumMap<>(Subject.class);
            for (Subject subject : scenario.subjects()) {
                ready.put(subject, senders.open(subject));
            }
            long messages = 0;
            for (int round = 1 - plan.warmupRounds(scenario); round <= plan.rounds(scenario); round++) {
                for (Subject subject : order(scenario, round)) {
                    Meter.Measured measured = Meter.measure(Objects.requireNonNull(ready.get(subject)), plan.length());
                    messages += measured.messages();
                    if (round >= 1) {
                        results.add(scenario, subject, measured.figures());
                    }
                }
            }
            topic.check(messages);
        }
    }

    /** Returns the subjects, starting with another subject in each round. */
    static List<Subject> order(Scenario scenario, int round) {
        List<Subject> order = new ArrayList<>(scenario.subjects());
        Collections.rotate(order, -Math.floorMod(round, order.size()));
        return order;
    }
}
