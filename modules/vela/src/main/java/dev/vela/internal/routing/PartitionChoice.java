package dev.vela.internal.routing;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/** Chooses a partition for a message without a key. */
public final class PartitionChoice {
    /** No partition was acceptable. */
    public static final int NONE = -1;

    private PartitionChoice() {}

    /**
     * A random partition that is acceptable, or {@link #NONE}. Each is tried at most once; where the first tried is
     * acceptable, all are equally likely.
     */
    public static int random(int partitions, IntPredicate acceptable) {
        int start = ThreadLocalRandom.current().nextInt(partitions);
        for (int i = 0; i < partitions; i++) {
            int candidate = start + i < partitions ? start + i : start + i - partitions;
            if (acceptable.test(candidate)) {
                return candidate;
            }
        }
        return NONE;
    }
}
