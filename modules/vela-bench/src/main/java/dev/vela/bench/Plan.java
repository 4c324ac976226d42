package dev.vela.bench;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * The extent of the measurement.
 *
 * @param keys the requested ratios
 * @param rounds the number of rounds that count
 * @param warmupRounds the number of rounds before them
 * @param length the time for which each subject is measured in each round
 * @param outstanding the maximum number of messages without a receipt for each producer that batches
 */
record Plan(Set<Ratio> keys, int rounds, int warmupRounds, Duration length, int outstanding) {

    /** The maximum number of messages in a batch. */
    static final int BATCH_MESSAGES = 1_000;

    /** The maximum number of bytes in a batch. */
    static final int BATCH_BYTES = 128 * 1024;

    /** The maximum number of messages without a receipt for each producer that does not batch. */
    static final int OUTSTANDING_UNBATCHED = 1_000;

    private static final int MOST_IDLE_ROUNDS = 2; // one begins with each subject
    private static final int IDLE_LENGTHS = 8; // idle threads of Vela's end after ten seconds

    /** Returns the scenarios to run for the keys, in order. A chart of growth also needs the narrower ones. */
    Set<Scenario> scenarios() {
        Set<Scenario> scenarios = EnumSet.noneOf(Scenario.class);
        for (Scenario scenario : Scenario.values()) {
            if (keys.stream().anyMatch(key -> scenario == key.scenario() || scenario.isNarrowerThan(key.scenario()))) {
                scenarios.add(scenario);
            }
        }
        return scenarios;
    }

    /** Returns the number of rounds of a scenario that count. Opening 10,000 producers takes longer than a round. */
    int rounds(Scenario scenario) {
        return scenario.load().isIdle() ? Math.min(rounds, MOST_IDLE_ROUNDS) : rounds;
    }

    /** Returns the number of rounds of a scenario before those that count. */
    int warmupRounds(Scenario scenario) {
        return scenario.load().isIdle() ? Math.min(warmupRounds, 1) : warmupRounds;
    }

    /** Returns the time for which the CPU of idle producers is measured. */
    Duration idleLength() {
        return length.multipliedBy(IDLE_LENGTHS);
    }

    double seconds() {
        return length.toMillis() / 1_000.0;
    }
}
