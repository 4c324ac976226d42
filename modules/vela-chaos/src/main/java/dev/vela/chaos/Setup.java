package dev.vela.chaos;

import java.util.SplittableRandom;

/**
 * How messages are published in a run.
 *
 * @param subject by whom
 * @param batching whether messages share entries
 * @param deduplication whether the namespace deduplicates
 * @param producers how many for each partition; the official client has one
 * @param perSecond how many messages are sent in a second, over all threads
 */
record Setup(Subject subject, boolean batching, boolean deduplication, int producers, int perSecond) {

    private static final long SALT = 0x5E7095A17L;
    private static final int MOST_PRODUCERS = 3;

    /** One that the seed draws. */
    static Setup draw(long seed, Subject subject, int perSecond) {
        SplittableRandom random = new SplittableRandom(seed ^ SALT);
        boolean batching = random.nextBoolean();
        boolean deduplication = random.nextBoolean();
        return new Setup(subject, batching, deduplication, 1 + random.nextInt(MOST_PRODUCERS), perSecond);
    }

    Setup withBatching(boolean on) {
        return new Setup(subject, on, deduplication, producers, perSecond);
    }

    Setup withDeduplication(boolean on) {
        return new Setup(subject, batching, on, producers, perSecond);
    }

    Setup withProducers(int count) {
        return new Setup(subject, batching, deduplication, count, perSecond);
    }

    @Override
    public String toString() {
        return subject.label() + ", batching " + (batching ? "on" : "off") + ", deduplication "
                + (deduplication ? "on" : "off") + ", " + producers + " producers for each partition, " + perSecond
                + " messages/s";
    }
}
