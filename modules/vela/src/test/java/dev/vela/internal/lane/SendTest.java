package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.scheduling.Together;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SendTest {

    private final LaneRig rig = new LaneRig();

    @Test
    void givesBackWhatItHoldsOnce() {
        // Given
        Send send = rig.admitted();
        List<Send> givenBack = new ArrayList<>();
        send.holding(givenBack::add);

        // When, Then
        assertThat(send.release()).isTrue();
        assertThat(send.release()).isFalse();
        assertThat(givenBack).containsExactly(send);
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void givesBackItsRoomThoughItIsAnsweredMeanwhile() {
        // Given
        Send send = rig.admitted();
        send.holding(held -> rig.succeed(held, Messages.receipt(1)));

        // When
        send.release();

        // Then
        assertThat(send).isCompleted();
        assertThat(rig.holdsNothing()).isTrue();
    }

    /** With compressed references, as up to 32 GiB of heap has: there are as many as messages on their way. */
    @Test
    void takesNoMoreThanALineOfTheCaches() {
        int header = 12;
        int bytes = header + fieldsOf(CompletableFuture.class) + fieldsOf(Send.class) + fieldsOf(CallbackSend.class);

        assertThat(bytes).isLessThanOrEqualTo(64);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.000000001S, PT0.000001S",
        "PT0.0000015S, PT0.000002S",
        "PT0.3S, PT0.3S",
        "PT30S, PT30S",
        "PT35M, PT35M",
        "PT1H, PT1H",
        "PT1H0.5S, PT3601S",
        "P36500D, PT2147483647S"
    })
    void aTimeoutIsNeverShorterThanAskedForButFor68Years(Duration asked, Duration kept) {
        Send send = new Send(Messages.ofSize(1), 0, asked, false, rig.openSends);

        assertThat(Duration.ofNanos(send.timeout())).isEqualTo(kept);
    }

    private static int fieldsOf(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .mapToInt(field -> sizeOf(field.getType()))
                .sum();
    }

    private static int sizeOf(Class<?> type) {
        if (type == boolean.class) {
            return 1;
        }
        return type == long.class || type == double.class ? Long.BYTES : Integer.BYTES;
    }

    @Test
    void isAnsweredWithTheFirstAnswerOnly() {
        // Given
        Send send = rig.admitted();

        // When
        rig.succeed(send, Messages.receipt(1));
        rig.fail(send, new IllegalStateException("late"));
        rig.succeed(send, Messages.receipt(2));

        // Then
        assertThat(send).isCompletedWithValue(Messages.receipt(1));
        assertThat(rig.openSends.open()).isZero();
    }

    @Test
    void isOpenUntilItIsAnswered() {
        // Given
        Send send = rig.admitted();
        CompletableFuture<Void> settled = rig.openSends.whenSettled();

        // When, Then
        send.release();
        assertThat(rig.openSends.open()).isEqualTo(1);
        assertThat(settled).isNotDone();
        rig.fail(send, new IllegalStateException("boom"));
        assertThat(rig.openSends.open()).isZero();
        assertThat(settled).isCompleted();
    }

    @Test
    void settlesAtOnceWhereNothingIsOpen() {
        assertThat(rig.openSends.whenSettled()).isCompleted();
    }

    @Test
    void isAnsweredAndReleasedOnceEachWhateverRaces() {
        for (int round = 0; round < 300; round++) {
            // Given
            Send send = rig.admitted(Messages.ofSize(1), Duration.ofSeconds(1), false);
            AtomicInteger releases = new AtomicInteger();
            AtomicInteger answers = new AtomicInteger();
            send.whenComplete((receipt, failure) -> answers.incrementAndGet());

            // When
            Together.run(4, thread -> {
                if (thread % 2 == 0) {
                    rig.succeed(send, Messages.receipt(thread));
                }
                if (send.release()) {
                    releases.incrementAndGet();
                }
                if (thread % 2 == 1) {
                    rig.fail(send, new IllegalStateException("boom"));
                }
            });

            // Then
            assertThat(releases).hasValue(1);
            assertThat(answers).hasValue(1);
            assertThat(rig.holdsNothing()).isTrue();
            assertThat(rig.openSends.open()).isZero();
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void budgetsReturnToZeroInWhateverOrderSendsEnd(int seed) {
        // Given
        Random random = new Random(seed);
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sends.add(rig.admitted(Messages.ofSize(random.nextInt(100)), Duration.ofSeconds(1), random.nextBoolean()));
        }

        // When
        while (!rig.holdsNothing() || rig.openSends.open() > 0) {
            Send send = sends.get(random.nextInt(sends.size()));
            switch (random.nextInt(3)) {
                case 0 -> send.release();
                case 1 -> rig.succeed(send, Messages.receipt(0));
                default -> rig.fail(send, new IllegalStateException("boom"));
            }
        }

        // Then
        assertThat(sends).allMatch(Send::isReleased).allMatch(Send::isDone);
    }
}
