package dev.vela.bench;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * How much is measured.
 *
 * @param keys the ratios that are wanted
 * @param rounds rounds that count
 * @param warmupRounds rounds before them
 * @param length how long each subject is measured in each round
 * @param outstanding messages without a receipt that each producer may have, where it batches
 */
record Plan(Set<Ratio> keys, int rounds, int warmupRounds, Duration length, int outstanding) {

    /** The most messages in a batch. */
    static final int BATCH_MESSAGES = 1_000;

    /** The most bytes in a batch. */
    static final int BATCH_BYTES = 128 * 1024;

    /** Different keys, where messages have some. */
    static final int KEYS = 4_096;

    /** Messages without a receipt that each producer may have, where it does not batch. */
    static final int OUTSTANDING_UNBATCHED = 1_000;

    /** What is to be run for it, in order. */
    Set<Scenario> scenarios() {
        Set<Scenario> scenarios = EnumSet.noneOf(Scenario.class);
        keys.forEach(key -> scenarios.add(key.scenario()));
        return scenarios;
    }

    double seconds() {
        return length.toMillis() / 1_000.0;
    }
}
