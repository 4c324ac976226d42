package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.internal.pulsar.EncodedBatch;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.ScriptedPublisher;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left of messages that are answered, and of lanes that are over: nothing. */
class LeftoversTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final LaneRig rig = new LaneRig();

    @Test
    void oneTimerIsSetHoweverManyDeadlinesPass() {
        // Given a message that has a day
        rig.attach();
        rig.offered(DAY);

        // When many others time out
        for (int i = 0; i < 1000; i++) {
            rig.offered(Duration.ofMillis(10));
            rig.scheduler.advance(Duration.ofMillis(10));
        }

        // Then
        assertThat(rig.scheduler.pending()).isLessThanOrEqualTo(2);
    }

    @Test
    void aLaneWithoutAProducerHasNoTimer() {
        // Given
        rig.attach();
        Send pending = rig.offered(DAY);

        // When
        rig.lane.detach("was stopped", null);
        rig.scheduler.runPending();

        // Then
        assertThat(pending).isCompletedExceptionally();
        assertThat(rig.scheduler.pending()).isZero();

        // And one that gets another has
        rig.attach();
        Send next = rig.offered(Duration.ofSeconds(5));
        rig.scheduler.advance(Duration.ofSeconds(5));
        assertThat(next).isCompletedExceptionally();
    }

    @Test
    void aLaneThatWaitedForCompanyHasNoTimerOnceItsProducerIsGone() {
        // Given
        LaneRig batching = new LaneRig(
                Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL).withFlushInterval(Duration.ofMinutes(1)));
        batching.attach();
        batching.offered(DAY);
        assertThat(batching.scheduler.pending()).isEqualTo(1);

        // When
        batching.lane.detach("was stopped", null);
        batching.scheduler.runPending();

        // Then what is left is that of the queue, where the message waits now
        assertThat(batching.queue.waiting()).hasSize(1);
        assertThat(batching.scheduler.pending()).isEqualTo(1);
        batching.queue.failAll(IllegalStateException::new);
        assertThat(batching.scheduler.pending()).isZero();
    }

    @Test
    void sweepsThatHaveMuchToAnswerLeaveTheThreadToOthersBetween() {
        // Given
        rig.attach();
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sends.add(rig.offered());
        }
        List<Long> before = new ArrayList<>();
        rig.scheduler.schedule(
                LaneRig.TIMEOUT,
                () -> before.add(sends.stream().filter(Send::isDone).count()));

        // When
        rig.scheduler.advance(LaneRig.TIMEOUT);

        // Then
        assertThat(before).singleElement().matches(answered -> answered < 100);
        assertThat(sends).allMatch(Send::isCompletedExceptionally);
    }

    @Test
    void anIdleLaneDoesNotHoldItsLastMessage() {
        // Given
        ScriptedPublisher publisher = rig.attach();
        WeakReference<Send> last = new WeakReference<>(rig.offered());

        // When
        publisher.acknowledge(0);

        // Then
        awaitCollected(last);
        assertThat(rig.lane.inFlight()).isZero();
    }

    @ParameterizedTest(name = "batching: {0}, timed out before: {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aFutureThatIsKeptKeepsItsReceiptAlone(boolean isBatching, boolean timesOut) {
        // Given
        LaneRig its =
                isBatching ? new LaneRig(Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL)) : new LaneRig();
        ScriptedPublisher publisher = its.attach();
        List<WeakReference<EncodedMessage>> messages = new ArrayList<>();
        List<Send> kept = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Send send = its.offered();
            messages.add(new WeakReference<>(send.message()));
            kept.add(send);
        }
        its.lane.flush();

        // When
        if (timesOut) {
            its.scheduler.advance(LaneRig.TIMEOUT);
            assertThat(kept).allMatch(Send::isCompletedExceptionally);
        }
        publisher.acknowledgeAll();
        publisher.forgetAll();

        // Then
        assertThat(kept).allMatch(Send::isDone);
        messages.forEach(LeftoversTest::awaitCollected);
        assertThat(kept).allMatch(send -> send.generation() == null && !send.isAdmitted());
        assertThat(its.holdsNothing()).isTrue();
        assertThat(its.openSends.open()).isZero();
    }

    @Test
    void aFutureOfWhichInterceptorsWereToldKeepsItsReceiptAlone() {
        // Given
        Completions completions = new Completions(Runnable::run);
        List<WeakReference<EncodedMessage>> messages = new ArrayList<>();
        List<Throwable> told = new ArrayList<>();

        // When
        Send kept = observed(completions, messages, told);
        completions.fail(kept, new IllegalStateException(), new LaneCounters(-1, null));

        // Then
        assertThat(kept).isCompletedExceptionally();
        assertThat(told).hasSize(1);
        awaitCollected(messages.get(0));
        assertThat(kept).isDone();
    }

    private static Send observed(
            Completions completions, List<WeakReference<EncodedMessage>> messages, List<Throwable> told) {
        EncodedMessage message = Messages.of(new byte[1]);
        messages.add(new WeakReference<>(message));
        return new ObservedSend(message, 0, DAY, false, true, new OpenSends(), completions, (receipt, failure) -> {
            assertThat(message).isNotNull();
            told.add(failure);
        });
    }

    @Test
    void aFutureOfATransactionKeepsNothingOfItsRuntime() {
        List<WeakReference<Completions>> queues = new ArrayList<>();

        Send kept = answeredInATransaction(queues);

        assertThat(kept).isCompletedExceptionally();
        awaitCollected(queues.get(0));
        assertThat(kept).isDone();
    }

    private static Send answeredInATransaction(List<WeakReference<Completions>> queues) {
        Completions completions = new Completions(Runnable::run);
        queues.add(new WeakReference<>(completions));
        TransactionSend send =
                new TransactionSend(Messages.of(new byte[1]), 0, DAY, false, true, new OpenSends(), completions, null);
        completions.fail(send, new IllegalStateException(), new LaneCounters(-1, null));
        assertThat(send.forTransaction()).isCompletedExceptionally();
        return send;
    }

    @Test
    void aSharedEntryHoldsHardlyMoreThanIsInIt() {
        // Given batches of many keys, small ones, and a large message
        LaneRig grouped = new LaneRig(Batching.defaults().withKeyBased().withFlush(Batching.Flush.AT_INTERVAL));
        ScriptedPublisher publisher = grouped.attach();
        int large = 100 << 10;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 400; i++) {
                grouped.taken(grouped.admitted(Messages.withKey("k" + i % 200, 20), LaneRig.TIMEOUT, false));
            }
            grouped.taken(grouped.admitted(Messages.withKey("large", large), LaneRig.TIMEOUT, false));
        }
        grouped.lane.flush();
        grouped.scheduler.runPending();

        // When nothing is answered
        long held = 0;
        for (ScriptedPublisher.Entry entry : publisher.entries()) {
            if (entry.outgoing() instanceof EncodedBatch batch) {
                held += batch.buffer().capacity();
            }
        }

        // Then
        assertThat(publisher.entries()).hasSizeGreaterThan(400);
        assertThat(held).isPositive().isLessThan(2 * grouped.own.bytes());
    }

    private static void awaitCollected(WeakReference<?> reference) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return reference.get() == null;
        });
    }
}
