package dev.vela.internal.routing;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/** Chooses a partition for a message without a key. */
public final class PartitionChoice {
    /** No partition was acceptable. */
    public static final int NONE = -1;

    private PartitionChoice() {}

    /**
     * A random acceptable partition, or {@link #NONE}. Each partition is tried at most once, in a random order, so that
     * the share of unacceptable partitions is spread over all others.
     */
    public static int random(int partitions, IntPredicate acceptable) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int first = random.nextInt(partitions);
        return acceptable.test(first) ? first : randomBut(first, partitions, acceptable, random);
    }

    private static int randomBut(int first, int partitions, IntPredicate acceptable, ThreadLocalRandom random) {
        int[] untried = new int[partitions - 1];
        for (int i = 0; i < untried.length; i++) {
            untried[i] = i < first ? i : i + 1;
        }
        for (int left = untried.length; left > 0; left--) {
            int drawn = random.nextInt(left);
            int candidate = untried[drawn];
            if (acceptable.test(candidate)) {
                return candidate;
            }
            untried[drawn] = untried[left - 1];
        }
        return NONE;
    }
}
