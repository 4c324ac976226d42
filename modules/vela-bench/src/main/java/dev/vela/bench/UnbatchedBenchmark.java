package dev.vela.bench;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.Producer;

/** Measures both subjects in turn, round by round. */
final class UnbatchedBenchmark {
    /*
     * A machine that does other work, too, is not the same from one minute to the next. So the two are measured directly
     * after each other, and a ratio is made of such a pair. Who goes first changes with each round: what the first
     * leaves to the second (garbage, a busy disk) then burdens both alike.
     */
    private final Plan plan;
    private final Subjects subjects;
    private final Consumer<String> progress;
    private long sent;

    /** One kind of measurement, of one subject. */
    private interface Measurement {
        Map<Metric, Double> of(Producer<byte[]> producer, Receipts receipts) throws Exception;
    }

    UnbatchedBenchmark(Plan plan, Subjects subjects, Consumer<String> progress) {
        this.plan = plan;
        this.subjects = subjects;
        this.progress = progress;
    }

    Results run() throws Exception {
        List<Measurement> measurements = List.of(
                new ThroughputMeasurement(plan.length(), plan.outstanding())::of,
                new PacedMeasurement(plan.length(), plan.rate())::of,
                new BlockingMeasurement(plan.length())::of);
        Results results = new Results();
        for (int round = 1 - plan.warmupRounds(); round <= plan.rounds(); round++) {
            progress.accept(round < 1 ? "warming up" : "round " + round + " of " + plan.rounds());
            for (Measurement measurement : measurements) {
                Map<Metric, Double> official;
                Map<Metric, Double> vela;
                if (round % 2 == 0) {
                    vela = measure(measurement, subjects.vela());
                    official = measure(measurement, subjects.official());
                } else {
                    official = measure(measurement, subjects.official());
                    vela = measure(measurement, subjects.vela());
                }
                if (round >= 1) {
                    results.add(official, vela);
                }
            }
        }
        return results;
    }

    private Map<Metric, Double> measure(Measurement measurement, Producer<byte[]> producer) throws Exception {
        Receipts receipts = new Receipts();
        Map<Metric, Double> figures = measurement.of(producer, receipts);
        sent += receipts.check();
        return figures;
    }

    /** How many messages were sent, and acknowledged, in all. */
    long sent() {
        return sent;
    }
}
