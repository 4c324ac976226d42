package dev.vela.internal.handle;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of a topic: finds those that it got later, and has messages routed to them once all of them are ready.
 *
 * <p>Any thread may read {@link #routes}; all else is confined to the control thread.
 */
final class PartitionGrowth<G extends PartitionGrowth.Partition> {
    /*
     * Routes change in two ways, and only on the control thread. Found partitions join those that have a group; nothing is
     * routed to them. Once each partition up to the number found last is ready, all of these are routed to, in one step: so
     * the number that keys are placed by changes once, however many came, and one that cannot be had keeps it as it is.
     *
     * The number routed to never falls. The number found may: then what is beyond it, and not routed to yet, is not waited
     * for any more.
     */
    private static final Logger log = LoggerFactory.getLogger(PartitionGrowth.class);

    private final Policy<G> policy;
    private final Scheduler clock;
    private final @Nullable Duration interval;
    private final RandomGenerator random;
    private volatile PartitionTable<G> routes;
    private int found; // this and all below: control thread only
    private boolean begun;
    private boolean looking;
    private long lastLook;

    /** A partition's group. */
    interface Partition {
        /** The partition's topic. */
        String getTopic();

        /** Whether it has a producer that takes messages. */
        boolean isReady();
    }

    /** Decides when partitions are looked for, and starts those that are found. */
    interface Policy<G> {
        /** How many partitions the topic has; found out off the control thread. */
        CompletableFuture<Integer> lookUp();

        /** Whether it runs and takes messages. While it does not, nothing grows. */
        boolean mayGrow();

        /** A group yet to be started. */
        G newPartition(int index);

        /** Starts a group that messages are not routed to yet. It is among {@link PartitionTable#all} when this is called. */
        void start(G partition);

        /** More partitions are routed to from now on. */
        void grown();
    }

    /**
     * Routes to so many partitions, to begin with.
     *
     * @param interval how often to look for more; null for never
     * @param random when to look first: so that many handles that are started together do not all look together
     */
    PartitionGrowth(
            Policy<G> policy, int partitions, @Nullable Duration interval, Scheduler clock, RandomGenerator random) {
        this.policy = policy;
        this.interval = interval;
        this.clock = clock;
        this.random = random;
        this.found = partitions;
        this.routes = PartitionTable.of(newPartitions(0, partitions), partitions);
    }

    PartitionTable<G> routes() {
        return routes;
    }

    private List<G> newPartitions(int from, int to) {
        List<G> fresh = new ArrayList<>();
        for (int i = from; i < to; i++) {
            fresh.add(policy.newPartition(i));
        }
        return fresh;
    }

    /** Looks for more partitions if it is time to. To be called each second. */
    void tick() {
        if (interval == null || looking || !policy.mayGrow()) {
            return;
        }
        long nanos = TimeUnit.NANOSECONDS.convert(interval);
        long now = clock.nanoTime();
        if (!begun) {
            begun = true;
            lastLook = now - random.nextLong(nanos);
        }
        if (now - lastLook >= nanos) {
            lastLook = now;
            look();
        }
    }

    private void look() {
        looking = true;
        policy.lookUp()
                .whenComplete((count, failure) -> clock.execute(() -> {
                    looking = false;
                    if (failure == null) {
                        found(count);
                    } else {
                        log.debug("The partitions could not be looked up; next in {}", interval, failure);
                    }
                }));
    }

    private void found(int count) {
        if (!policy.mayGrow()) {
            return;
        }
        found = count;
        int known = routes.all().size();
        if (count > known) {
            PartitionTable<G> grown = routes.with(newPartitions(known, count));
            routes = grown;
            log.info(
                    "Found {} partitions where {} were known: {} and those after it are started",
                    count,
                    known,
                    grown.all().get(known).getTopic());
            for (int i = count - 1; i >= known; i--) {
                policy.start(grown.all().get(i));
            }
        }
        changed();
    }

    /** The state of a partition, or of the whole, has changed. */
    void changed() {
        PartitionTable<G> before = routes;
        if (found <= before.routed().size() || !policy.mayGrow()) {
            return;
        }
        for (G fresh : before.all().subList(before.routed().size(), found)) {
            if (!fresh.isReady()) {
                return;
            }
        }
        routes = before.routedTo(found);
        policy.grown();
    }
}
