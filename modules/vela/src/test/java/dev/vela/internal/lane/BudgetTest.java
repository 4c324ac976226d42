package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.internal.scheduling.Together;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BudgetTest {

    private final RoomSignal room = new RoomSignal();

    @Test
    void takesMessagesUpToTheirCap() {
        // Given
        Budget budget = new Budget("b", 2, 1000, room);

        // When, Then
        assertThat(budget.tryAcquire(1, 10)).isTrue();
        assertThat(budget.tryAcquire(1, 10)).isTrue();
        assertThat(budget.tryAcquire(1, 10)).isFalse();
        assertThat(budget.messages()).isEqualTo(2);
        assertThat(budget.bytes()).isEqualTo(20);
    }

    @Test
    void takesBytesUpToTheirCap() {
        // Given
        Budget budget = new Budget("b", 100, 100, room);

        // When, Then
        assertThat(budget.tryAcquire(1, 60)).isTrue();
        assertThat(budget.tryAcquire(1, 41)).isFalse();
        assertThat(budget.tryAcquire(1, 40)).isTrue();
        assertThat(budget.messages()).isEqualTo(2);
        assertThat(budget.bytes()).isEqualTo(100);
    }

    @Test
    void takesALargerMessageWhenItIsEmpty() {
        // Given
        Budget budget = new Budget("b", 10, 100, room);

        // When, Then
        assertThat(budget.tryAcquire(1, 101)).isTrue();
        assertThat(budget.tryAcquire(1, 1)).isFalse();
        budget.release(1, 101);
        assertThat(budget.tryAcquire(1, 1)).isTrue();
        assertThat(budget.tryAcquire(1, 101)).isFalse();
        budget.release(1, 1);
        assertThat(budget.tryAcquire(1, 101)).isTrue();
    }

    @Test
    void tellsThatThereIsRoomWhenItFallsToThreeQuarters() {
        // Given
        Budget budget = new Budget("b", 8, 1_000_000, room);
        IntStream.range(0, 8).forEach(i -> budget.tryAcquire(1, 1));
        long ticket = room.enter();

        // When, Then
        budget.release(1, 1);
        assertThat(ticketNow()).isEqualTo(ticket);
        budget.release(1, 1);
        assertThat(ticketNow()).isEqualTo(ticket + 1);
    }

    @Test
    void tellsThatThereIsRoomOnlyWhenBytesHaveFallenToo() {
        // Given
        Budget budget = new Budget("b", 100, 100, room);
        budget.tryAcquire(1, 10);
        budget.tryAcquire(1, 80);
        budget.tryAcquire(1, 10);
        long ticket = room.enter();

        // When, Then
        budget.release(1, 10);
        assertThat(ticketNow()).isEqualTo(ticket);
        budget.release(1, 80);
        assertThat(ticketNow()).isEqualTo(ticket + 1);
    }

    @Test
    void tellsThatThereIsRoomWhenNothingIsPending() {
        // Given
        Budget budget = new Budget("b", 1, 1, room);
        budget.tryAcquire(1, 1);
        long ticket = room.enter();

        // When
        budget.release(1, 1);

        // Then
        assertThat(ticketNow()).isEqualTo(ticket + 1);
    }

    @Test
    void tellsThatThereIsRoomHoweverLargeItIs() {
        // Given
        Budget budget = new Budget("b", 4, 1L << 62, room);
        IntStream.range(0, 4).forEach(i -> budget.tryAcquire(1, 1));
        long ticket = room.enter();

        // When
        budget.release(1, 1);

        // Then
        assertThat(ticketNow()).isEqualTo(ticket + 1);
    }

    private long ticketNow() {
        try {
            return room.enter();
        } finally {
            room.leave();
        }
    }

    @Test
    void saysWhatItLimits() {
        assertThat(new Budget("the budget of t", 3, 4, room)).hasToString("the budget of t (3 messages, 4 bytes)");
    }

    static IntStream seeds() {
        return IntStream.range(0, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesWithASimpleModel(int seed) {
        // Given
        Random random = new Random(seed);
        long maxMessages = 1L + random.nextInt(20);
        long maxBytes = 1L + random.nextInt(500);
        Budget budget = new Budget("b", maxMessages, maxBytes, room);
        ArrayDeque<Integer> held = new ArrayDeque<>();
        long bytes = 0;

        // When
        for (int step = 0; step < 1000; step++) {
            if (held.isEmpty() || random.nextInt(3) > 0) {
                int size = random.nextInt(120);
                boolean fits = held.size() < maxMessages && (bytes == 0 || bytes + size <= maxBytes);
                assertThat(budget.tryAcquire(1, size)).isEqualTo(fits);
                if (fits) {
                    held.add(size);
                    bytes += size;
                }
            } else {
                int size = held.remove();
                budget.release(1, size);
                bytes -= size;
            }

            // Then
            assertThat(budget.messages()).isEqualTo(held.size());
            assertThat(budget.bytes()).isEqualTo(bytes);
        }
    }

    @Test
    void neverHoldsMoreThanItsCapsOnManyThreads() {
        // Given
        Budget budget = new Budget("b", 5, 100, room);
        AtomicLong messages = new AtomicLong();
        AtomicLong bytes = new AtomicLong();

        // When
        Together.run(8, thread -> {
            Random random = new Random(thread);
            for (int i = 0; i < 20_000; i++) {
                int size = 1 + random.nextInt(60);
                if (budget.tryAcquire(1, size)) {
                    assertThat(messages.incrementAndGet()).isLessThanOrEqualTo(5);
                    assertThat(bytes.addAndGet(size)).isLessThanOrEqualTo(100);
                    bytes.addAndGet(-size);
                    messages.decrementAndGet();
                    budget.release(1, size);
                }
            }
        });

        // Then
        assertThat(budget.messages()).isZero();
        assertThat(budget.bytes()).isZero();
    }
}
