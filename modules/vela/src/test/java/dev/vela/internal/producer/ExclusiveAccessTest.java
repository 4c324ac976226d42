package dev.vela.internal.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.InFlightPolicy;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.ProducerState;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.Send;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.ScriptedPublisher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lives of a producer that keeps others out: none but the first, or one restarted by hand, takes the topic from
 * anybody.
 */
class ExclusiveAccessTest {
    private final PulsarClientException closed = new PulsarClientException.AlreadyClosedException("closed");

    private ChildRig rig;
    private Send kept;

    /** One that held the topic with epoch 5, had a message in flight, and died. */
    private void died(ProducerAccessMode accessMode) {
        ScriptedPublisher first = new ScriptedPublisher().topicEpoch(5);
        rig = new ChildRig(accessMode, InFlightPolicy.REPLAY);
        rig.thenCreate(first);
        rig.start();
        kept = rig.offered();
        first.ended(closed);
        rig.offered(OfferResult.DOWN);
        rig.run();
        rig.moves.clear();
    }

    private ScriptedPublisher succeededBy(long epoch) {
        ScriptedPublisher successor = new ScriptedPublisher().topicEpoch(epoch);
        rig.thenCreate(successor);
        rig.newChild().start(Duration.ZERO);
        rig.run();
        return successor;
    }

    private void assertKeptIsUnknown() {
        Throwable failure = kept.handle((id, cause) -> cause).join();
        assertThat(failure).isInstanceOf(ProducerDiedException.class);
        assertThat(Outcome.of(failure)).isEqualTo(Outcome.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProducerAccessMode.class,
            names = {"Exclusive", "ExclusiveWithFencing", "WaitForExclusive"})
    void isNotReplacedForBeingDisconnected(ProducerAccessMode accessMode) {
        ChildRig away = new ChildRig(accessMode);
        ScriptedPublisher publisher = away.ready();

        publisher.connected(false);
        away.tick(600);

        assertThat(away.hasEnded()).isFalse();
        assertThat(away.state()).isEqualTo(ProducerState.RECONNECTING);
        publisher.connected(true);
        away.tick(1);
        assertThat(away.state()).isEqualTo(ProducerState.READY);
        assertThat(away.asked).containsExactly(accessMode);
    }

    @ParameterizedTest
    @CsvSource({"Exclusive, Exclusive", "ExclusiveWithFencing, Exclusive", "WaitForExclusive, WaitForExclusive"})
    void aSuccessorAsksForWhatNobodyHas(ProducerAccessMode accessMode, ProducerAccessMode expected) {
        died(accessMode);

        ScriptedPublisher successor = succeededBy(6);

        assertThat(rig.asked).containsExactly(accessMode, expected);
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(successor.sequenceIds()).containsExactly(0L); // nobody was there in between
        assertThat(kept).isNotDone();
    }

    @Test
    void aSuccessorWaitsUntilItsPredecessorIsClosed() {
        rig = new ChildRig(ProducerAccessMode.Exclusive);
        ScriptedPublisher publisher = rig.ready().holdingClose();
        publisher.ended(closed);
        rig.tick(1);

        assertThat(rig.hasEnded()).isFalse();
        publisher.finishClose();
        rig.run();
        assertThat(rig.exit()).isSameAs(closed);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProducerAccessMode.class,
            names = {"Exclusive", "ExclusiveWithFencing"})
    void staysDownIfSomebodyHadTheTopicInBetween(ProducerAccessMode accessMode) {
        died(accessMode);

        ScriptedPublisher successor = succeededBy(7);

        assertThat(rig.state()).isEqualTo(ProducerState.FENCED);
        assertThat(successor.isClosed()).isTrue();
        assertThat(successor.attempts()).isZero();
        assertThat(rig.lane.isLive()).isFalse();
        assertKeptIsUnknown();
    }

    @Test
    void staysDownIfSomebodyHasTheTopicUntilItIsRestartedByHand() {
        died(ProducerAccessMode.ExclusiveWithFencing);
        rig.thenFailToCreate(new PulsarClientException.ProducerFencedException("an existing exclusive producer"));
        rig.newChild().start(Duration.ZERO);
        rig.run();
        rig.advance(Duration.ofDays(1));
        assertThat(rig.state()).isEqualTo(ProducerState.FENCED);
        assertKeptIsUnknown();

        rig.thenCreate(new ScriptedPublisher().topicEpoch(9));
        rig.child().restart();
        rig.run();

        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(rig.asked)
                .containsExactly(
                        ProducerAccessMode.ExclusiveWithFencing,
                        ProducerAccessMode.Exclusive,
                        ProducerAccessMode.ExclusiveWithFencing);
    }

    @ParameterizedTest
    @CsvSource({
        "WaitForExclusive, 7", // somebody was there, and it queued behind
        "ExclusiveWithFencing, 0", // a topic that was made anew
        "ExclusiveWithFencing, -1", // not known
    })
    void whatMayBeStaleIsAnsweredAndNotSentAgain(ProducerAccessMode accessMode, long epoch) {
        died(accessMode);

        ScriptedPublisher successor = succeededBy(epoch);

        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(successor.attempts()).isZero();
        assertKeptIsUnknown();
    }

    // ---- what the broker still has of its predecessor

    private static PulsarClientException refusedFor(String name) {
        return new PulsarClientException.ProducerFencedException(
                "{\"errorMsg\":\"Topic has an existing exclusive producer: " + name + "\",\"reqId\":7}");
    }

    @Test
    void itsOwnGhostIsWaitedFor() {
        died(ProducerAccessMode.ExclusiveWithFencing);
        rig.thenFailToCreate(refusedFor("group-0"));
        rig.thenFailToCreate(refusedFor("group-0"));
        ScriptedPublisher successor = rig.thenCreate(new ScriptedPublisher().topicEpoch(6));

        rig.newChild().start(Duration.ZERO);
        rig.advance(Duration.ofSeconds(1));

        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(successor.sequenceIds()).containsExactly(0L);
        assertThat(kept).isNotDone();
    }

    @Test
    void whatStaysLongerThanAGhostIsSomebodyElseOfItsName() {
        died(ProducerAccessMode.Exclusive);
        for (int i = 0; i < 100; i++) {
            rig.thenFailToCreate(refusedFor("group-0"));
        }

        rig.newChild().start(Duration.ZERO);
        rig.advance(Duration.ofMinutes(10));

        assertThat(rig.state()).isEqualTo(ProducerState.FENCED);
        assertKeptIsUnknown();
    }

    @Test
    void somebodyWhoseNameBeginsLikeItsOwnIsNotItsGhost() {
        died(ProducerAccessMode.Exclusive);
        rig.thenFailToCreate(refusedFor("group-01"));

        rig.newChild().start(Duration.ZERO);
        rig.run();

        assertThat(rig.state()).isEqualTo(ProducerState.FENCED);
    }

    @ParameterizedTest
    @CsvSource({"Exclusive, true", "Exclusive, false", "WaitForExclusive, true", "WaitForExclusive, false"})
    void whoIsRefusedForItsOwnGhostWhenItReconnectsGoesOn(ProducerAccessMode accessMode, boolean named) {
        rig = new ChildRig(accessMode, InFlightPolicy.REPLAY);
        ScriptedPublisher first = rig.thenCreate(new ScriptedPublisher().topicEpoch(5));
        rig.start();
        kept = rig.offered();

        // When it is refused; with the name of who has the topic, or found by a probe, without
        if (named) {
            first.fail(0, refusedFor("group-0"));
        } else {
            first.ended(new PulsarClientException.ProducerFencedException("Producer was fenced"));
            rig.tick(1);
        }
        rig.run();
        for (int i = 0; i < 5; i++) {
            rig.thenFailToCreate(refusedFor("group-0"));
        }
        ScriptedPublisher successor = rig.thenCreate(new ScriptedPublisher().topicEpoch(6));
        rig.newChild().start(Duration.ZERO);
        rig.advance(Duration.ofSeconds(30));

        // Then
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(successor.sequenceIds()).containsExactly(0L);
        assertThat(kept).isNotDone();
        assertThat(rig.asked.subList(1, 7)).containsOnly(ProducerAccessMode.Exclusive);
    }

    @Test
    void whoWaitsForItsTurnQueuesBehindSomebodyElse() {
        rig = new ChildRig(ProducerAccessMode.WaitForExclusive, InFlightPolicy.REPLAY);
        ScriptedPublisher first = rig.thenCreate(new ScriptedPublisher().topicEpoch(5));
        rig.start();
        kept = rig.offered();
        first.fail(0, refusedFor("rival-0"));
        rig.run();
        rig.thenFailToCreate(refusedFor("rival-0"));

        rig.newChild().start(Duration.ZERO);
        rig.advance(Duration.ofSeconds(5));

        assertThat(rig.asked)
                .containsExactly(
                        ProducerAccessMode.WaitForExclusive,
                        ProducerAccessMode.Exclusive,
                        ProducerAccessMode.WaitForExclusive);
        assertThat(rig.state()).isEqualTo(ProducerState.WAITING);
        assertKeptIsUnknown();
    }

    // ---- epochs

    @Test
    void aTopicThatWasDeletedTellsNothingOfWhoWasThere() {
        ScriptedPublisher first = new ScriptedPublisher().topicEpoch(0);
        rig = new ChildRig(ProducerAccessMode.Exclusive, InFlightPolicy.REPLAY);
        rig.thenCreate(first);
        rig.start();
        kept = rig.offered();
        first.fail(0, new PulsarClientException.TopicDoesNotExistException("deleted"));
        rig.run();

        ScriptedPublisher successor = succeededBy(1); // somebody had the topic that was made anew, with epoch 0

        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(successor.attempts()).isZero();
        assertKeptIsUnknown();
    }

    @Test
    void theEpochThatCountsIsTheLastThatItsPredecessorHad() {
        ScriptedPublisher first = new ScriptedPublisher().topicEpoch(5);
        rig = new ChildRig(ProducerAccessMode.Exclusive, InFlightPolicy.REPLAY);
        rig.thenCreate(first);
        rig.start();
        kept = rig.offered();
        first.topicEpoch(8).ended(closed); // it had reconnected as if it were new
        rig.offered(OfferResult.DOWN);
        rig.run();

        ScriptedPublisher successor = succeededBy(9);

        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(successor.sequenceIds()).containsExactly(0L);
    }

    @Test
    void aRestartWhileAnAttemptForLessIsUnderWayAsksAsAtFirst() {
        died(ProducerAccessMode.ExclusiveWithFencing);
        rig.thenFailToCreate(new PulsarClientException.AuthorizationException("not allowed"));
        CompletableFuture<EntryPublisher> underWay = rig.thenHoldCreation();
        rig.newChild().start(Duration.ZERO);
        rig.advance(ChildRig.REFUSED_RETRY);
        assertThat(rig.asked).last().isEqualTo(ProducerAccessMode.Exclusive);

        rig.child().restart();
        rig.thenCreate(new ScriptedPublisher().topicEpoch(9));
        underWay.completeExceptionally(new PulsarClientException.ProducerFencedException("somebody has it"));
        rig.run();

        assertThat(rig.asked).last().isEqualTo(ProducerAccessMode.ExclusiveWithFencing);
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
    }
}
