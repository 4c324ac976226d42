package dev.vela.chaos;

import dev.vela.InFlightPolicy;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How messages are published in a run.
 *
 * @param subject by whom
 * @param batching whether messages share entries
 * @param deduplication whether the namespace deduplicates
 * @param producers how many for each partition; the official client has one
 * @param inFlight what becomes of what a dead producer had in flight; the official client sends it again
 * @param perSecond how many messages are sent in a second, over all threads
 */
record Setup(
        Subject subject,
        boolean batching,
        boolean deduplication,
        int producers,
        InFlightPolicy inFlight,
        int perSecond) {

    private static final long SALT = 0x5E7095A17L;
    private static final int MOST_PRODUCERS = 3;

    /** One that the seed draws. */
    static Setup draw(long seed, Subject subject, int perSecond) {
        SplittableRandom random = new SplittableRandom(seed ^ SALT);
        boolean batching = random.nextBoolean();
        boolean deduplication = random.nextBoolean();
        int producers = 1 + random.nextInt(MOST_PRODUCERS);
        // The last draw: what came before it stays what a seed has always drawn.
        InFlightPolicy inFlight = random.nextBoolean() ? InFlightPolicy.REPLAY : InFlightPolicy.REPORT;
        return new Setup(subject, batching, deduplication, producers, inFlight, perSecond);
    }

    Setup withBatching(boolean on) {
        return new Setup(subject, on, deduplication, producers, inFlight, perSecond);
    }

    Setup withDeduplication(boolean on) {
        return new Setup(subject, batching, on, producers, inFlight, perSecond);
    }

    Setup withProducers(int count) {
        return new Setup(subject, batching, deduplication, count, inFlight, perSecond);
    }

    Setup withInFlight(InFlightPolicy policy) {
        return new Setup(subject, batching, deduplication, producers, policy, perSecond);
    }

    /** The name of a policy on the command line. */
    static String label(InFlightPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return subject.label() + ", batching " + (batching ? "on" : "off") + ", deduplication "
                + (deduplication ? "on" : "off") + ", " + producers + " producers for each partition, in flight "
                + label(inFlight) + ", " + perSecond + " messages/s";
    }
}
