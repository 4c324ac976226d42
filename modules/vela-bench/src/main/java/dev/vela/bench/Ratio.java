package dev.vela.bench;

import static dev.vela.bench.Subject.OFFICIAL;
import static dev.vela.bench.Subject.OFFICIAL_EACH;
import static dev.vela.bench.Subject.OFFICIAL_UNBATCHED;
import static dev.vela.bench.Subject.SOCKET;
import static dev.vela.bench.Subject.VELA;
import static dev.vela.bench.Subject.VELA_DROP_IN;
import static dev.vela.bench.Subject.VELA_METRICS;
import static dev.vela.bench.Subject.VELA_UNBATCHED;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A ratio that is reported: one subject's figure over another's, in one scenario, with its target. */
@SuppressWarnings("ImmutableEnumChecker") // their records and lists never change
enum Ratio {
    NON_PERSISTENT_1(Scenario.NON_PERSISTENT_1, Figure.THROUGHPUT, VELA, OFFICIAL, Asked.atLeast(4.5)),
    NON_PERSISTENT_4_SHARED(Scenario.NON_PERSISTENT_4, Figure.THROUGHPUT, VELA, OFFICIAL, Asked.atLeast(6)),
    NON_PERSISTENT_4_OWN(Scenario.NON_PERSISTENT_4, Figure.THROUGHPUT, VELA, OFFICIAL_EACH, Asked.atLeast(3)),
    DROP_IN(Scenario.NON_PERSISTENT_1, Figure.THROUGHPUT, VELA_DROP_IN, VELA, Asked.atLeast(0.97)),
    METRICS(Scenario.METRICS, Figure.THROUGHPUT, VELA_METRICS, VELA, Asked.atLeast(0.97)),
    PERSISTENT_1(Scenario.PERSISTENT_1, Figure.THROUGHPUT, VELA, OFFICIAL, Asked.atLeast(2.5)),
    PERSISTENT_4_SHARED(Scenario.PERSISTENT_4, Figure.THROUGHPUT, VELA, OFFICIAL, Asked.atLeast(2.5)),
    PERSISTENT_CPU(Scenario.PERSISTENT_1, Figure.CLIENT_CPU, OFFICIAL, VELA, Asked.atLeast(5)),
    NON_PERSISTENT_FLOOR(Scenario.NON_PERSISTENT_1, Figure.THROUGHPUT, VELA, SOCKET, Asked.atLeast(0.4)),
    PERSISTENT_FLOOR(Scenario.PERSISTENT_1, Figure.THROUGHPUT, VELA, SOCKET, Asked.atLeast(0.6)),
    KEYED_8(Scenario.KEYED_8, Figure.THROUGHPUT, VELA, OFFICIAL, Asked.atLeast(5)),
    WIDE_KEYED_16(Scenario.WIDE_KEYED_16, Figure.THROUGHPUT, VELA, OFFICIAL, Asked.atLeast(1.5)),
    WIDE_KEYED_128(Scenario.WIDE_KEYED_128, Figure.THROUGHPUT, VELA, OFFICIAL, Asked.atLeast(1.5)),
    WIDE_KEYED_1000(Scenario.WIDE_KEYED_1000, Figure.THROUGHPUT, VELA, OFFICIAL, Asked.atLeast(1.5)),
    WIDE_UNKEYED_128(Scenario.WIDE_UNKEYED_128, Figure.THROUGHPUT, VELA, OFFICIAL, Asked.atLeast(5)),
    WIDE_UNKEYED_1000(Scenario.WIDE_UNKEYED_1000, Figure.THROUGHPUT, VELA, OFFICIAL, Asked.atLeast(5)),
    ONE_KIB(Scenario.ONE_KIB, Figure.THROUGHPUT, VELA, OFFICIAL, Asked.atLeast(1.5)),
    ALLOCATION(Scenario.NON_PERSISTENT_1, Figure.ALLOCATED, OFFICIAL, VELA, Asked.atLeast(7)),
    LATENCY_IDLE(Scenario.LATENCY_IDLE, Figure.P50, VELA, OFFICIAL_UNBATCHED, Asked.atMost(1.05)),
    LATENCY_5K(Scenario.LATENCY_5K, Figure.P50, VELA, OFFICIAL_UNBATCHED, Asked.atMost(1)),
    LATENCY_5K_P99(Scenario.LATENCY_5K, Figure.P99, VELA, OFFICIAL_UNBATCHED, Asked.atMost(1)),
    LATENCY_20K(Scenario.LATENCY_20K, Figure.P50, VELA, OFFICIAL_UNBATCHED, Asked.atMost(1)),
    LATENCY_20K_P99(Scenario.LATENCY_20K, Figure.P99, VELA, OFFICIAL_UNBATCHED, Asked.atMost(1)),
    LATENCY_50K(Scenario.LATENCY_50K, Figure.P99, OFFICIAL_UNBATCHED, VELA, Asked.atLeast(3)),
    UNBATCHED(Scenario.UNBATCHED, Figure.THROUGHPUT, VELA_UNBATCHED, OFFICIAL_UNBATCHED, Asked.atLeast(1)),
    UNBATCHED_CPU(Scenario.UNBATCHED, Figure.CLIENT_CPU, OFFICIAL_UNBATCHED, VELA_UNBATCHED, Asked.atLeast(1)),
    READY_1000(Scenario.HANDLES_1000, Figure.READY, OFFICIAL, VELA, Asked.atLeast(1)),
    HEAP_1000(Scenario.HANDLES_1000, Figure.HEAP, OFFICIAL, VELA, Asked.atLeast(2)),
    THREADS_1000(Scenario.HANDLES_1000, Figure.THREADS, OFFICIAL, VELA, Asked.atLeast(2)),
    IDLE_CPU_1000(Scenario.HANDLES_1000, Figure.IDLE_CPU, OFFICIAL, VELA, Asked.atLeast(2)),
    READY_10000(Scenario.HANDLES_10000, Figure.READY, OFFICIAL, VELA, Asked.atLeast(1)),
    HEAP_10000(Scenario.HANDLES_10000, Figure.HEAP, OFFICIAL, VELA, Asked.atLeast(2)),
    THREADS_10000(Scenario.HANDLES_10000, Figure.THREADS, OFFICIAL, VELA, Asked.atLeast(2)),
    IDLE_CPU_10000(Scenario.HANDLES_10000, Figure.IDLE_CPU, OFFICIAL, VELA, Asked.atLeast(2)),
    READY_PARTITIONS_1000(Scenario.PARTITIONS_1000, Figure.READY, OFFICIAL, VELA, Asked.atLeast(1)),
    HEAP_PARTITIONS_1000(Scenario.PARTITIONS_1000, Figure.HEAP, OFFICIAL, VELA, Asked.atLeast(2)),
    IDLE_CPU_PARTITIONS_1000(Scenario.PARTITIONS_1000, Figure.IDLE_CPU, OFFICIAL, VELA, Asked.atLeast(2));

    private final String label;
    private final Scenario scenario;
    private final Figure figure;
    private final Subject of;
    private final Subject over;
    private final Asked asked;

    Ratio(Scenario scenario, Figure figure, Subject of, Subject over, Asked asked) {
        this.label = camelCase(name());
        this.scenario = scenario;
        this.figure = figure;
        this.of = of;
        this.over = over;
        this.asked = asked;
    }

    /**
     * The target of a ratio.
     *
     * @param least whether the bound is a minimum, rather than a maximum
     */
    record Asked(boolean least, double bound) {
        static Asked atLeast(double bound) {
            return new Asked(true, bound);
        }

        static Asked atMost(double bound) {
            return new Asked(false, bound);
        }

        boolean isMetBy(double ratio) {
            return least ? ratio >= bound : ratio <= bound;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, least ? ">= %s" : "<= %s", bound);
        }
    }

    private static String camelCase(String constant) {
        StringBuilder name = new StringBuilder();
        for (String word : constant.split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        name.setCharAt(0, Character.toLowerCase(name.charAt(0)));
        return name.toString();
    }

    /** Returns the key with this name in reports. */
    static Optional<Ratio> of(String label) {
        return Arrays.stream(values()).filter(key -> key.label.equals(label)).findFirst();
    }

    /** Returns the name in reports. */
    String label() {
        return label;
    }

    Scenario scenario() {
        return scenario;
    }

    Figure figure() {
        return figure;
    }

    /** Returns the subject whose figure is divided. */
    Subject of() {
        return of;
    }

    /** Returns the subject whose figure is the divisor. */
    Subject over() {
        return over;
    }

    Asked asked() {
        return asked;
    }
}
