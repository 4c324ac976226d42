package dev.vela.internal.handle;

import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.scheduling.ManualScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Partitions that are ready when the test says so, of a topic that has as many as the test says. */
final class PartitionGrowthRig implements PartitionGrowth.Policy<PartitionGrowthRig.FakePartition> {
    static final Duration INTERVAL = Duration.ofSeconds(60);

    final ManualScheduler scheduler = new ManualScheduler();

    /** The partitions that were started, in that order. */
    final List<Integer> started = new ArrayList<>();

    /** How many partitions were routed to after each growth. */
    final List<Integer> grown = new ArrayList<>();

    private final Deque<CompletableFuture<Integer>> lookUps = new ArrayDeque<>();
    private final PartitionGrowth<FakePartition> growth;
    private final boolean isEarly;
    private int partitions;
    private int looks;
    private int failures;
    private boolean mayGrow = true;

    static final class FakePartition implements PartitionGrowth.Partition {
        private final int index;
        private boolean ready;

        FakePartition(int index) {
            this.index = index;
        }

        @Override
        public String getTopic() {
            return "topic-partition-" + index;
        }

        @Override
        public boolean isReady() {
            return ready;
        }
    }

    PartitionGrowthRig(int partitions) {
        this(partitions, INTERVAL, () -> 0L);
    }

    PartitionGrowthRig(int partitions, @Nullable Duration interval, RandomGenerator random) {
        this.partitions = partitions;
        this.isEarly = partitions == PartitionGrowth.UNKNOWN;
        this.growth = new PartitionGrowth<>(this, partitions, interval, scheduler, random);
        growth.tick();
    }

    // ---- what the test says

    /** Lets so much time pass, in ticks. */
    PartitionGrowthRig pass(Duration time) {
        for (long left = time.toSeconds(); left > 0; left--) {
            scheduler.advance(RuntimeResources.TICK);
            growth.tick();
            scheduler.runPending();
        }
        return this;
    }

    /** The topic has so many partitions from now on, and that is found out. */
    PartitionGrowthRig found(int count) {
        partitions = count;
        return pass(INTERVAL);
    }

    /** Leaves the next look to the test. */
    CompletableFuture<Integer> thenHoldLook() {
        CompletableFuture<Integer> held = new CompletableFuture<>();
        lookUps.add(held);
        return held;
    }

    PartitionGrowthRig ready(int... indexes) {
        for (int index : indexes) {
            set(index, true);
        }
        return this;
    }

    PartitionGrowthRig set(int index, boolean ready) {
        routes().all().get(index).ready = ready;
        growth.changed();
        return this;
    }

    PartitionGrowthRig mayGrow(boolean may) {
        mayGrow = may;
        growth.changed();
        return this;
    }

    // ---- what is to be seen

    PartitionTable<FakePartition> routes() {
        return growth.routes();
    }

    int routed() {
        return routes().routed().size();
    }

    int known() {
        return routes().all().size();
    }

    @Nullable
    Throwable whyUnknown() {
        return growth.whyUnknown();
    }

    boolean isReady(int index) {
        return routes().all().get(index).ready;
    }

    int failures() {
        return failures;
    }

    int looks() {
        return looks;
    }

    // ---- the owner

    @Override
    public CompletableFuture<Integer> lookUp() {
        looks++;
        CompletableFuture<Integer> next = lookUps.poll();
        if (next != null) {
            return next;
        }
        return partitions == PartitionGrowth.UNKNOWN
                ? CompletableFuture.failedFuture(new IllegalStateException("no broker"))
                : CompletableFuture.completedFuture(partitions);
    }

    @Override
    public boolean mayGrow() {
        return mayGrow;
    }

    @Override
    public FakePartition newPartition(int index) {
        return new FakePartition(index);
    }

    @Override
    public void notFound() {
        failures++;
    }

    @Override
    public List<FakePartition> firstPartitions(int partitions) {
        return IntStream.range(0, Math.max(1, partitions))
                .mapToObj(FakePartition::new)
                .toList();
    }

    @Override
    public void start(FakePartition partition) {
        if (routes().all().get(partition.index) != partition || (routes().isRouted(partition) && !isEarly)) {
            throw new AssertionError("started too early or too late: " + partition.index);
        }
        started.add(partition.index);
    }

    @Override
    public void grown() {
        grown.add(routed());
    }
}
