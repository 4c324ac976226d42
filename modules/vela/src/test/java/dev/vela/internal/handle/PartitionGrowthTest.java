package dev.vela.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Partitions that a topic gets later: when they are looked for, started, and routed to. */
class PartitionGrowthTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final PartitionGrowthRig rig = new PartitionGrowthRig(2);

    // ---- looking

    @Test
    void looksOnceInEachInterval() {
        rig.pass(PartitionGrowthRig.INTERVAL.minus(SECOND));
        assertThat(rig.looks()).isZero();
        rig.pass(SECOND);
        assertThat(rig.looks()).isEqualTo(1);
        assertThat(rig.pass(Duration.ofHours(1)).looks()).isEqualTo(61);
    }

    @Test
    void looksFirstAtARandomMomentOfTheFirstInterval() {
        Set<Long> seconds = new HashSet<>();
        for (int seed = 0; seed < 200; seed++) {
            PartitionGrowthRig other = new PartitionGrowthRig(2, PartitionGrowthRig.INTERVAL, new Random(seed));
            long passed = 0;
            while (other.looks() == 0) {
                other.pass(SECOND);
                passed++;
            }
            seconds.add(passed);
        }

        assertThat(seconds).hasSizeGreaterThan(40).allMatch(second -> second <= 60);
    }

    @Test
    void neverLooksWithoutAnInterval() {
        PartitionGrowthRig fixed = new PartitionGrowthRig(2, null, () -> 0L);

        fixed.found(5).pass(Duration.ofHours(1));

        assertThat(fixed.looks()).isZero();
        assertThat(fixed.known()).isEqualTo(2);
    }

    @Test
    void doesNotLookAgainBeforeALookIsAnswered() {
        CompletableFuture<Integer> held = rig.thenHoldLook();
        rig.pass(PartitionGrowthRig.INTERVAL.multipliedBy(3));
        assertThat(rig.looks()).isEqualTo(1);

        held.complete(3);
        rig.pass(SECOND);

        assertThat(rig.started).containsExactly(2);
        assertThat(rig.looks()).isEqualTo(2);
    }

    @Test
    void looksAgainAfterALookThatFailed() {
        CompletableFuture<Integer> held = rig.thenHoldLook();
        rig.found(3);
        held.completeExceptionally(new IllegalStateException("no broker"));
        rig.pass(SECOND);
        assertThat(rig.known()).isEqualTo(2);

        rig.pass(PartitionGrowthRig.INTERVAL);

        assertThat(rig.known()).isEqualTo(3);
    }

    // ---- with nothing known

    @Test
    void looksEachSecondUntilSomethingIsKnown() {
        PartitionGrowthRig early = new PartitionGrowthRig(PartitionGrowth.UNKNOWN);
        assertThat(early.pass(SECOND.multipliedBy(9)).looks()).isEqualTo(10);
        assertThat(early.routed()).isZero();
        assertThat(early.whyUnknown()).hasMessage("no broker");
        assertThat(early.failures()).isEqualTo(10);

        CompletableFuture<Integer> held = early.thenHoldLook();
        early.pass(SECOND.multipliedBy(3));
        held.complete(3);
        early.pass(SECOND);

        assertThat(early.routed()).isEqualTo(3);
        assertThat(early.started).containsExactly(0, 1, 2);
        assertThat(early.looks()).isEqualTo(11);
        assertThat(early.whyUnknown()).isNull();
    }

    @Test
    void growsAsEverOnceSomethingIsKnown() {
        PartitionGrowthRig early = new PartitionGrowthRig(PartitionGrowth.UNKNOWN, SECOND, () -> 0L);
        early.found(2).found(3);

        assertThat(early.known()).isEqualTo(3);
        assertThat(early.routed()).isEqualTo(2);
        assertThat(early.ready(2).routed()).isEqualTo(3);
    }

    @Test
    void aTopicWithoutPartitionsStaysOne() {
        PartitionGrowthRig early = new PartitionGrowthRig(PartitionGrowth.UNKNOWN, SECOND, () -> 0L);
        early.found(0);
        int looks = early.looks();

        early.found(2);

        assertThat(early.routed()).isEqualTo(1);
        assertThat(early.known()).isEqualTo(1);
        assertThat(early.looks()).isEqualTo(looks);
    }

    @Test
    void nothingBeginsOnceTheOwnerEnds() {
        PartitionGrowthRig early = new PartitionGrowthRig(PartitionGrowth.UNKNOWN);
        CompletableFuture<Integer> held = early.thenHoldLook();
        early.pass(SECOND).mayGrow(false);

        held.complete(3);
        early.pass(SECOND);

        assertThat(early.known()).isZero();
        assertThat(early.started).isEmpty();
    }

    // ---- growing

    @Test
    void startsTheHighestFirstAndRoutesToAllOfThemAtOnce() {
        // Given
        List<PartitionGrowthRig.FakePartition> before = rig.routes().routed();

        // When
        rig.found(5);

        // Then
        assertThat(rig.started).containsExactly(4, 3, 2);
        assertThat(rig.routes().all()).hasSize(5).startsWith(before.toArray(PartitionGrowthRig.FakePartition[]::new));
        assertThat(rig.routes().inStartOrder())
                .extracting(PartitionGrowthRig.FakePartition::getTopic)
                .containsExactly(topics(0, 1, 4, 3, 2));

        // When, then
        assertThat(rig.ready(4, 3).routed()).isEqualTo(2);
        assertThat(rig.ready(2).routed()).isEqualTo(5);
        assertThat(rig.grown).containsExactly(5);
        assertThat(rig.routes().routed()).isEqualTo(rig.routes().all());
        assertThat(rig.routes().inStartOrder()).isEqualTo(rig.routes().all());
    }

    @Test
    void listsTwelvePartitionsInTheirOrder() {
        rig.found(12).ready(IntStream.range(2, 12).toArray());

        assertThat(rig.routes().routedByTopic().keySet())
                .containsExactly(topics(IntStream.range(0, 12).toArray()));
    }

    private static String[] topics(int... indexes) {
        return IntStream.of(indexes)
                .mapToObj(index -> "topic-partition-" + index)
                .toArray(String[]::new);
    }

    @Test
    void routesAsBeforeWhileOneCannotBeHad() {
        rig.found(5).ready(4, 3).pass(Duration.ofHours(1));

        assertThat(rig.routed()).isEqualTo(2);
        assertThat(rig.grown).isEmpty();
        assertThat(rig.started).as("each of them once").containsExactly(4, 3, 2);
    }

    @Test
    void waitsForOneThatWasReadyAndIsNotAnyMore() {
        rig.found(4).ready(3).set(3, false).ready(2);
        assertThat(rig.routed()).isEqualTo(2);

        rig.ready(3);

        assertThat(rig.grown).containsExactly(4);
    }

    @Test
    void keepsToThoseItRoutesToWhateverBecomesOfThem() {
        rig.found(4).ready(2, 3).set(2, false).set(3, false);

        assertThat(rig.routed()).isEqualTo(4);
    }

    @Test
    void countsOnlyOnceWhereMoreComeBeforeTheFirstAreReady() {
        // Given
        rig.found(4).ready(3);

        // When
        rig.found(6).ready(2);

        // Then
        assertThat(rig.started).containsExactly(3, 2, 5, 4);
        assertThat(rig.routed()).isEqualTo(2);

        // When, then
        rig.ready(4, 5);
        assertThat(rig.grown).containsExactly(6);
    }

    @Test
    void growsAgainAndAgain() {
        rig.found(3).ready(2).found(4).ready(3).found(6).ready(4, 5);

        assertThat(rig.grown).containsExactly(3, 4, 6);
    }

    // ---- fewer

    @Test
    void neverRoutesToFewer() {
        rig.found(4).ready(2, 3).found(1).found(0);

        assertThat(rig.routed()).isEqualTo(4);
        assertThat(rig.known()).isEqualTo(4);
    }

    @Test
    void doesNotWaitForThoseThatAreGoneBeforeTheyWereReady() {
        // Given
        rig.found(5).ready(3);

        // When the topic is created again, with fewer
        rig.found(3).ready(2);

        // Then
        assertThat(rig.grown).containsExactly(3);
        assertThat(rig.known()).isEqualTo(5);

        // When there are more again, then those that have their groups are not started again
        rig.found(6).ready(4, 5);
        assertThat(rig.started).containsExactly(4, 3, 2, 5);
        assertThat(rig.grown).containsExactly(3, 6);
    }

    // ---- while it does not run

    @Test
    void doesNotGrowWhileItDoesNotRun() {
        // Given
        rig.found(4).ready(3).mayGrow(false);

        // When, then
        rig.ready(2).pass(Duration.ofHours(1));
        assertThat(rig.routed()).isEqualTo(2);
        assertThat(rig.looks()).isEqualTo(1);

        // When, then
        rig.mayGrow(true);
        assertThat(rig.grown).containsExactly(4);
    }

    @Test
    void dropsWhatItLearntWhenItRunsNoMore() {
        CompletableFuture<Integer> held = rig.thenHoldLook();
        rig.found(4).mayGrow(false);

        held.complete(4);
        rig.pass(SECOND);
        assertThat(rig.known()).isEqualTo(2);

        rig.mayGrow(true).pass(PartitionGrowthRig.INTERVAL);
        assertThat(rig.started).containsExactly(3, 2);
    }

    // ---- whatever happens

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void holdsItsPromisesWhateverHappens(long seed) {
        Random random = new Random(seed);
        boolean running = true;
        int lastFound = 2;
        for (int step = 0; step < 200; step++) {
            int before = rig.routed();
            List<PartitionGrowthRig.FakePartition> known = rig.routes().all();
            switch (random.nextInt(6)) {
                case 0 -> {
                    lastFound = running ? random.nextInt(12) : lastFound;
                    rig.found(running ? lastFound : 12);
                }
                case 1 -> {
                    running = random.nextInt(3) > 0;
                    rig.mayGrow(running);
                }
                default -> rig.set(random.nextInt(rig.known()), random.nextInt(4) > 0);
            }

            assertThat(rig.routes().all()).startsWith(known.toArray(PartitionGrowthRig.FakePartition[]::new));
            if (rig.routed() != before) {
                assertThat(running).isTrue();
                assertThat(rig.routed()).isGreaterThan(before).isEqualTo(lastFound);
                assertThat(IntStream.range(before, rig.routed())).allMatch(rig::isReady);
            } else if (running) {
                assertThat(IntStream.range(before, Math.max(before, lastFound)).anyMatch(i -> !rig.isReady(i)))
                        .as("one of %s to %s keeps it back", before, lastFound)
                        .isEqualTo(lastFound > before);
            }
        }
        assertThat(rig.started).doesNotHaveDuplicates().hasSize(rig.known() - 2);
    }
}
