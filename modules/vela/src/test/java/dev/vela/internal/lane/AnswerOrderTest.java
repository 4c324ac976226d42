package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.internal.pulsar.Messages;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A message is answered, then its callbacks run, then it counts as completed: a flush sees each step in this order. */
class AnswerOrderTest {

    private final LaneRig rig = new LaneRig();
    private final AtomicReference<CompletableFuture<Void>> flushed = new AtomicReference<>();

    private void flushWhenAnswered(Send send) {
        send.whenComplete((receipt, failure) -> {
            flushed.set(rig.openSends.flush());
            assertThat(flushed.get()).isNotDone();
        });
    }

    private BatchEntry batch(Send... sends) {
        BatchEntry batch = new BatchEntry(rig.context(-1, rig.scheduler, Batching.defaults()), sends[0], 1024, 2);
        for (Send send : sends) {
            batch.add(send);
        }
        return batch;
    }

    @Test
    void aFlushInACallbackWaitsForItAndFailsWithWhatItIsTold() {
        Send send = rig.admitted();
        flushWhenAnswered(send);

        rig.fail(send, new IllegalStateException("being told"));

        assertThat(flushed.get()).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("being told");
    }

    @Test
    void aFlushInACallbackWaitsForTheRestOfTheEntry() {
        Send first = rig.admitted();
        Send second = rig.admitted();
        flushWhenAnswered(first);

        batch(first, second).acknowledge(Messages.receipt(1), rig.completions, rig.counters);

        assertThat(flushed.get()).isCompleted();
        assertThat(rig.openSends.open()).isZero();
    }

    @Test
    void aFlushDoesNotFailForWhatWasThrownToTheThreadThatWaitedForIt() {
        // Given a message that only its sender waits for, who flushes as soon as it has failed
        Send send = rig.admitted(Messages.ofSize(1), LaneRig.TIMEOUT, true);
        flushWhenAnswered(send);

        rig.fail(send, new IllegalStateException("thrown"));

        assertThat(flushed.get()).isCompleted();
    }

    @Test
    void anEntryThatFailsFailsNoFlushOfAGenerationWhoseMessageInItWasAnsweredBefore() {
        // Given a flush that waits for a message, and an entry with its neighbour, which has timed out, and a later one
        Send timedOut = rig.admitted();
        Send awaited = rig.admitted();
        rig.fail(timedOut, new IllegalStateException("timed out"));
        CompletableFuture<Void> flush = rig.openSends.flush();
        Send later = rig.admitted();
        BatchEntry entry = batch(timedOut, later);

        // When
        entry.fail(new IllegalStateException("the entry"), rig.completions, rig.counters);
        assertThat(flush).isNotDone();
        rig.succeed(awaited, Messages.receipt(1));

        // Then
        assertThat(flush).isCompleted();
        assertThat(later).isCompletedExceptionally();
        assertThat(rig.openSends.open()).isZero();
    }
}
