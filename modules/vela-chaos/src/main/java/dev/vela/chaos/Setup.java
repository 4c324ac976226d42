package dev.vela.chaos;

import dev.vela.InFlightPolicy;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * The setup of publishing in a run.
 *
 * @param subject the client under test
 * @param batching whether messages share entries
 * @param deduplication whether the namespace deduplicates
 * @param producers the number of producers for each partition; the official client has one
 * @param inFlight the policy for messages that a dead producer had in flight; the official client sends them again
 * @param perSecond the number of messages sent in a second, over all threads
 * @param dimensions the features beyond plain publishing; those that the subject does not support are left out
 */
record Setup(
        Subject subject,
        boolean batching,
        boolean deduplication,
        int producers,
        InFlightPolicy inFlight,
        int perSecond,
        Set<Dimension> dimensions) {

    private static final long SALT = 0x5E7095A17L;
    private static final long DIMENSIONS_SALT = 0xD13E4510AL;
    private static final int MOST_PRODUCERS = 3;
    private static final int ONE_IN = 3;
    private static final String NONE = "none";

    /** Creates a setup, without the dimensions that the subject does not support. */
    Setup {
        dimensions = dimensions.stream()
                .filter(dimension -> dimension.isFor(subject))
                .sorted()
                .collect(Collectors.collectingAndThen(
                        Collectors.toCollection(() -> EnumSet.noneOf(Dimension.class)), Set::copyOf));
    }

    /** Draws a setup by the seed. */
    static Setup draw(long seed, Subject subject, int perSecond) {
        SplittableRandom random = new SplittableRandom(seed ^ SALT);
        boolean batching = random.nextBoolean();
        boolean deduplication = random.nextBoolean();
        int producers = 1 + random.nextInt(MOST_PRODUCERS);
        // The last draw, so that a seed draws the same values as ever for the others.
        InFlightPolicy inFlight = random.nextBoolean() ? InFlightPolicy.REPLAY : InFlightPolicy.REPORT;
        return new Setup(subject, batching, deduplication, producers, inFlight, perSecond, dimensions(seed));
    }

    /** Draws each dimension independently, so that a new dimension does not change the others. */
    private static Set<Dimension> dimensions(long seed) {
        Set<Dimension> drawn = EnumSet.noneOf(Dimension.class);
        for (Dimension dimension : Dimension.values()) {
            long own = seed ^ DIMENSIONS_SALT ^ ((long) dimension.name().hashCode() << 32);
            if (new SplittableRandom(own).nextInt(ONE_IN) == 0) {
                drawn.add(dimension);
            }
        }
        if (drawn.contains(Dimension.FENCING)) {
            drawn.remove(Dimension.STANDBY); // there is one pair of applications
        }
        return drawn;
    }

    /** Whether a dimension is on. */
    boolean has(Dimension dimension) {
        return dimensions.contains(dimension);
    }

    /** Whether two applications compete for a topic. */
    boolean hasCandidates() {
        return has(Dimension.FENCING) || has(Dimension.STANDBY);
    }

    Setup withBatching(boolean on) {
        return new Setup(subject, on, deduplication, producers, inFlight, perSecond, dimensions);
    }

    Setup withDeduplication(boolean on) {
        return new Setup(subject, batching, on, producers, inFlight, perSecond, dimensions);
    }

    Setup withProducers(int count) {
        return new Setup(subject, batching, deduplication, count, inFlight, perSecond, dimensions);
    }

    Setup withInFlight(InFlightPolicy policy) {
        return new Setup(subject, batching, deduplication, producers, policy, perSecond, dimensions);
    }

    Setup withDimensions(Set<Dimension> on) {
        return new Setup(subject, batching, deduplication, producers, inFlight, perSecond, on);
    }

    /** Returns the name of a policy on the command line. */
    static String label(InFlightPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the dimensions in the format of the command line. */
    String dimensionLabels() {
        return dimensions.isEmpty()
                ? NONE
                : dimensions.stream().sorted().map(Dimension::label).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return subject.label() + ", batching " + (batching ? "on" : "off") + ", deduplication "
                + (deduplication ? "on" : "off") + ", " + producers + " producers for each partition, in flight "
                + label(inFlight) + ", " + perSecond + " messages/s, with " + dimensionLabels();
    }
}
