package dev.vela.internal.handle;

import dev.vela.internal.pulsar.Failures;
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
 * The partitions of a topic: finds new partitions, and routes messages to them once all of them are ready.
 *
 * <p>Any thread may read {@link #routes}; everything else is confined to the control thread.
 */
final class PartitionGrowth<G extends PartitionGrowth.Partition> {
    /*
     * Routes change in two ways, and only on the control thread. New partitions join the partitions that have a group;
     * no message is routed to them. Once each partition up to the number found last is ready, messages are routed to
     * all of these, in one step. So the number that places keys changes once, no matter how many partitions were added,
     * and stays unchanged while one of them is not ready.
     *
     * A handle that was started while no broker could be reached knows no partitions at all. It looks again a second
     * after each look-up that failed, and then routes to all partitions at once, ready or not, or to the topic itself
     * if that has none.
     *
     * The number of routed partitions never falls. The number of found partitions may fall: then partitions beyond it
     * that are not routed to yet are no longer waited for.
     */
    /** In place of a number of partitions: not known yet. */
    static final int UNKNOWN = -1;

    private static final Logger log = LoggerFactory.getLogger(PartitionGrowth.class);

    private final Policy<G> policy;
    private final Scheduler clock;
    private final @Nullable Duration interval;
    private final RandomGenerator random;
    private volatile PartitionTable<G> routes;
    private volatile boolean isWhole; // the topic has no partitions: the only one in routes stands for all of it
    private volatile @Nullable Throwable lastFailure; // of a look-up, while nothing is known
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

    /** Decides when to look for partitions, and starts new partitions. */
    interface Policy<G> {
        /** The number of partitions of the topic; looked up off the control thread. */
        CompletableFuture<Integer> lookUp();

        /** Whether the handle runs and accepts messages. While it does not, nothing grows. */
        boolean mayGrow();

        /** Creates a group, and does not start it. */
        G newPartition(int index);

        /**
         * Creates the groups of a topic whose number of partitions was not known before, and does not start them: one
         * for each partition, or one for the topic itself if it has none.
         */
        List<G> firstPartitions(int partitions);

        /**
         * Starts a group that messages are not routed to yet. The group is in {@link PartitionTable#all} when this is
         * called.
         */
        void start(G partition);

        /** Called when a look-up has failed. */
        void notFound();

        /** Called when messages are routed to more partitions than before. */
        void grown();
    }

    /**
     * Creates a table that routes to the first {@code partitions} partitions.
     *
     * @param partitions the number of partitions, or {@link #UNKNOWN}
     * @param interval how often to look for more partitions; null for never
     * @param random chooses the time of the first look-up: many handles started together must not all look together
     */
    PartitionGrowth(
            Policy<G> policy, int partitions, @Nullable Duration interval, Scheduler clock, RandomGenerator random) {
        this.policy = policy;
        this.interval = interval;
        this.clock = clock;
        this.random = random;
        this.found = partitions;
        this.routes = PartitionTable.of(newPartitions(0, partitions), Math.max(0, partitions));
    }

    /** Whether the number of partitions is known. */
    boolean isKnown() {
        return !routes.all().isEmpty();
    }

    /** Whether the topic has no partitions, and one group for all of it. False while nothing is known. */
    boolean isWhole() {
        return isWhole;
    }

    /** Why the partitions could not be looked up, as long as nothing is known. */
    @Nullable
    Throwable whyUnknown() {
        return isKnown() ? null : lastFailure;
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

    /** Looks for more partitions if it is time to. Call each second. */
    void tick() {
        if (looking || !policy.mayGrow()) {
            return;
        }
        if (!isKnown()) {
            look();
        } else if (interval != null && !isWhole) {
            lookIfDue(interval);
        }
    }

    private void lookIfDue(Duration interval) {
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
        CompletableFuture<Integer> answer = policy.lookUp();
        looking = true; // not before: a call that throws is made again
        answer.whenComplete((count, failure) -> clock.execute(() -> {
            looking = false;
            if (failure == null) {
                found(count);
            } else {
                lastFailure = Failures.unwrap(failure);
                policy.notFound();
                log.debug("The partitions could not be looked up", failure);
            }
        }));
    }

    private void found(int count) {
        if (!policy.mayGrow()) {
            return;
        }
        found = count;
        if (!isKnown()) {
            begin(count);
            return;
        }
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

    /** Routes to what was found first. */
    private void begin(int count) {
        isWhole = count == 0;
        List<G> first = policy.firstPartitions(count);
        routes = PartitionTable.of(first, first.size());
        first.forEach(policy::start);
    }

    /** Called when the state of a partition, or of the whole handle, has changed. */
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
