package dev.vela.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vela.internal.scheduling.Together;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AffinityTest {

    /** Keys of which no two share a slot: their spread hashes differ in the highest bits. */
    private static final int KEYS = 8;

    @Test
    void keysLeaveADeadProducerWhenAllIsAnsweredAndComeHomeWhenTheirStandInHasNothingLeft() {
        // Given
        Affinity affinity = new Affinity(3);
        boolean[] live = {true, true, true};
        IntPredicate isLive = i -> live[i];
        int hash = hashAtHomeOn(1);

        // When, Then: producer 1 dies with two messages on their way
        assertThat(affinity.acquire(hash, isLive)).isEqualTo(1);
        assertThat(affinity.acquire(hash, isLive)).isEqualTo(1);
        live[1] = false;
        assertThat(affinity.acquire(hash, isLive)).isEqualTo(Affinity.HELD);
        affinity.release(hash);
        assertThat(affinity.acquire(hash, isLive)).isEqualTo(Affinity.HELD);
        affinity.release(hash);
        assertThat(affinity.acquire(hash, isLive)).isEqualTo(2);

        // When, Then: it is back while its stand-in has one
        live[1] = true;
        assertThat(affinity.acquire(hash, isLive)).isEqualTo(2);
        affinity.release(hash);
        assertThat(affinity.acquire(hash, isLive)).isEqualTo(2);
        affinity.release(hash);
        affinity.release(hash);
        assertThat(affinity.acquire(hash, isLive)).isEqualTo(1);
    }

    private static int hashAtHomeOn(int producer) {
        return IntStream.range(0, 1000)
                .filter(hash -> new Affinity(3).acquire(hash, i -> true) == producer)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void countsNothingWhereNobodyIsLive() {
        // Given
        Affinity affinity = new Affinity(3);
        int hash = hashAtHomeOn(1);

        // When
        assertThat(affinity.acquire(hash, i -> false)).isEqualTo(Affinity.NONE);

        // Then
        assertThat(affinity.acquire(hash, i -> i == 0)).isZero();
        affinity.release(hash);
        assertThat(affinity.acquire(hash, i -> true)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 16})
    void spreadsHashesOverAllProducers(int producers) {
        // Given
        Affinity affinity = new Affinity(producers);
        int[] counts = new int[producers];

        // When
        for (int hash = 0; hash < 10_000; hash++) {
            counts[affinity.acquire(hash, i -> true)]++;
        }

        // Then
        int fair = 10_000 / producers;
        assertThat(Arrays.stream(counts).boxed()).allMatch(count -> count > fair * 0.8 && count < fair * 1.2);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 32768})
    void refusesAnImpossibleNumberOfProducers(int producers) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Affinity(producers))
                .withMessage("producers must be in [1, 32767], was " + producers);
    }

    @Test
    void hasRoomForTheLargestNumberOfProducers() {
        Affinity affinity = new Affinity(32767);
        assertThat(affinity.acquire(0, i -> i == 32766)).isEqualTo(32766);
        assertThat(affinity.acquire(0, i -> true)).isEqualTo(32766);
    }

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theOwnerChangesOnlyWhenNothingIsOnItsWay(int seed) {
        // Given
        Random random = new Random(seed);
        int producers = 1 + random.nextInt(5);
        Affinity affinity = new Affinity(producers);
        boolean[] live = new boolean[producers];
        int[] home = new int[KEYS];
        int[] owner = new int[KEYS];
        int[] onTheirWay = new int[KEYS];
        for (int key = 0; key < KEYS; key++) {
            home[key] = new Affinity(producers).acquire(key, i -> true);
        }

        // When
        for (int step = 0; step < 2_000; step++) {
            int key = random.nextInt(KEYS);
            switch (random.nextInt(4)) {
                case 0 -> {
                    int producer = random.nextInt(producers);
                    live[producer] = !live[producer];
                }
                case 1 -> {
                    if (onTheirWay[key] > 0) {
                        affinity.release(key);
                        onTheirWay[key]--;
                    }
                }
                default -> {
                    int expected = onTheirWay[key] == 0
                            ? firstLive(home[key], live)
                            : live[owner[key]] ? owner[key] : Affinity.HELD;

                    // Then
                    assertThat(affinity.acquire(key, i -> live[i])).isEqualTo(expected);
                    if (expected >= 0) {
                        owner[key] = expected;
                        onTheirWay[key]++;
                    }
                }
            }
        }
    }

    private static int firstLive(int home, boolean[] live) {
        for (int i = 0; i < live.length; i++) {
            int candidate = (home + i) % live.length;
            if (live[candidate]) {
                return candidate;
            }
        }
        return Affinity.NONE;
    }

    @Test
    void keepsTheOrderOfEachKeyWhileProducersDieAndComeBack() {
        // Given
        int producers = 3;
        int messages = 3_000;
        Affinity affinity = new Affinity(producers);
        Queue<Message> delivered = new ConcurrentLinkedQueue<>();
        FakeLane[] lanes = new FakeLane[producers];
        for (int i = 0; i < producers; i++) {
            lanes[i] = new FakeLane(affinity, delivered);
        }
        AtomicBoolean over = new AtomicBoolean();
        Set<FutureTask<Void>> background = new HashSet<>();
        for (FakeLane lane : lanes) {
            background.add(Together.start("lane", () -> {
                while (!over.get()) {
                    if (!lane.deliverOne()) {
                        Thread.yield();
                    }
                }
            }));
        }
        background.add(Together.start("faults", () -> {
            Random random = new Random(1);
            while (!over.get()) {
                FakeLane lane = lanes[random.nextInt(producers)];
                lane.die();
                Thread.yield();
                lane.revive();
                Thread.yield();
            }
        }));

        // When
        Together.run(KEYS, key -> {
            for (int number = 0; number < messages; number++) {
                Message message = new Message(key, number);
                boolean taken = false;
                while (!taken) {
                    int owner = affinity.acquire(key, i -> lanes[i].live);
                    taken = owner >= 0 && lanes[owner].offer(message);
                    if (owner >= 0 && !taken) {
                        affinity.release(key);
                    }
                }
            }
        });
        over.set(true);
        background.forEach(Together::join);

        // Then
        int[] last = new int[KEYS];
        Arrays.fill(last, -1);
        assertThat(delivered).hasSizeGreaterThan(KEYS);
        for (Message message : delivered) {
            assertThat(message.number).isGreaterThan(last[message.key]);
            last[message.key] = message.number;
        }
    }

    private record Message(int key, int number) {}

    /** Delivers later what it was given, in order; what it has not delivered when it dies is lost, but answered. */
    private static final class FakeLane {
        private final Affinity affinity;
        private final Queue<Message> delivered; // of all lanes
        private final ArrayDeque<Message> queue = new ArrayDeque<>(); // guarded by this
        volatile boolean live = true; // written under this

        FakeLane(Affinity affinity, Queue<Message> delivered) {
            this.affinity = affinity;
            this.delivered = delivered;
        }

        synchronized boolean offer(Message message) {
            return live && queue.add(message);
        }

        synchronized boolean deliverOne() {
            Message next = queue.poll();
            if (next == null) {
                return false;
            }
            delivered.add(next);
            affinity.release(next.key);
            return true;
        }

        void die() {
            synchronized (this) {
                live = false;
            }
            Thread.yield();
            synchronized (this) {
                queue.forEach(message -> affinity.release(message.key));
                queue.clear();
            }
        }

        synchronized void revive() {
            live = true;
        }
    }
}
