package dev.vela.internal.group;

import dev.vela.internal.scheduling.ManualScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Partitions that are ready when the test says so, of a topic that has as many as the test says. */
final class GrowthRig implements Growth.Owner<GrowthRig.FakePartition> {
    static final Duration INTERVAL = Duration.ofSeconds(60);

    final ManualScheduler scheduler = new ManualScheduler();

    /** The partitions that were started, in that order. */
    final List<Integer> started = new ArrayList<>();

    /** How many partitions were routed to after each growth. */
    final List<Integer> grown = new ArrayList<>();

    private final Deque<CompletableFuture<Integer>> lookUps = new ArrayDeque<>();
    private final Growth<FakePartition> growth;
    private int partitions;
    private int looks;
    private boolean mayGrow = true;

    static final class FakePartition implements Growth.Partition {
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

    GrowthRig(int partitions) {
        this(partitions, INTERVAL, () -> 0L);
    }

    GrowthRig(int partitions, @Nullable Duration interval, RandomGenerator random) {
        this.partitions = partitions;
        this.growth = new Growth<>(this, partitions, interval, scheduler, random);
        growth.tick();
    }

    // ---- what the test says

    /** Lets so much time pass, in ticks. */
    GrowthRig pass(Duration time) {
        for (long left = time.toSeconds(); left > 0; left--) {
            scheduler.advance(Engine.TICK);
            growth.tick();
            scheduler.runPending();
        }
        return this;
    }

    /** The topic has so many partitions from now on, and that is found out. */
    GrowthRig found(int count) {
        partitions = count;
        return pass(INTERVAL);
    }

    /** Leaves the next look to the test. */
    CompletableFuture<Integer> thenHoldLook() {
        CompletableFuture<Integer> held = new CompletableFuture<>();
        lookUps.add(held);
        return held;
    }

    GrowthRig ready(int... indexes) {
        for (int index : indexes) {
            set(index, true);
        }
        return this;
    }

    GrowthRig set(int index, boolean ready) {
        routes().all().get(index).ready = ready;
        growth.changed();
        return this;
    }

    GrowthRig mayGrow(boolean may) {
        mayGrow = may;
        growth.changed();
        return this;
    }

    // ---- what is to be seen

    Routes<FakePartition> routes() {
        return growth.routes();
    }

    int routed() {
        return routes().routed().size();
    }

    int known() {
        return routes().all().size();
    }

    boolean isReady(int index) {
        return routes().all().get(index).ready;
    }

    int looks() {
        return looks;
    }

    // ---- the owner

    @Override
    public CompletableFuture<Integer> lookUp() {
        looks++;
        CompletableFuture<Integer> next = lookUps.poll();
        return next == null ? CompletableFuture.completedFuture(partitions) : next;
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
    public void start(FakePartition partition) {
        if (routes().all().get(partition.index) != partition || routes().isRouted(partition)) {
            throw new AssertionError("started too early or too late: " + partition.index);
        }
        started.add(partition.index);
    }

    @Override
    public void grown() {
        grown.add(routed());
    }
}
