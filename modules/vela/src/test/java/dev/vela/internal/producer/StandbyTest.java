package dev.vela.internal.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.ProducerState;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.ScriptedPublisher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Test;

/** A producer that queues for exclusive access. */
class StandbyTest {

    private static final Duration SIGN = Duration.ofMillis(500);

    private final ChildRig rig = new ChildRig(ProducerAccessMode.WaitForExclusive);

    @Test
    void countsAsWaitingOnceTheBrokerAnswersALaterQuestion() {
        // Given
        CompletableFuture<EntryPublisher> creation = rig.thenHoldCreation();
        rig.start();

        // When, Then
        rig.advance(SIGN.minusMillis(1));
        assertThat(rig.state()).isEqualTo(ProducerState.STARTING);
        rig.advance(Duration.ofMillis(1));
        assertThat(rig.state()).isEqualTo(ProducerState.WAITING);
        rig.advance(Duration.ofDays(1));
        assertThat(rig.lookUpsAsked()).isEqualTo(1);
        creation.complete(new ScriptedPublisher());
        rig.run();
        assertThat(rig.moves).containsExactly("STARTING", "WAITING", "READY");
    }

    @Test
    void asksAgainWhereTheBrokerDoesNotAnswer() {
        // Given
        rig.thenHoldCreation();
        CompletableFuture<Integer> lookUp = rig.thenHoldLookUp();
        rig.start();
        rig.advance(Duration.ofMinutes(1));
        assertThat(rig.state()).isEqualTo(ProducerState.STARTING);

        // When
        lookUp.completeExceptionally(new PulsarClientException.LookupException("lookup"));
        rig.run();

        // Then
        assertThat(rig.state()).isEqualTo(ProducerState.STARTING);
        rig.advance(SIGN);
        assertThat(rig.state()).isEqualTo(ProducerState.WAITING);
    }

    @Test
    void isNotWaitingIfItWasPromotedMeanwhile() {
        // Given
        CompletableFuture<EntryPublisher> creation = rig.thenHoldCreation();
        CompletableFuture<Integer> lookUp = rig.thenHoldLookUp();
        rig.start();
        rig.advance(SIGN);

        // When
        creation.complete(new ScriptedPublisher());
        rig.run();
        lookUp.complete(0);
        rig.run();

        // Then
        assertThat(rig.moves).containsExactly("STARTING", "READY");
    }

    @Test
    void isNotWaitingWhereAProducerIsCreatedAtOnce() {
        // Given
        rig.thenCreate();

        // When
        rig.start();
        rig.advance(Duration.ofMinutes(1));

        // Then
        assertThat(rig.lookUpsAsked()).isZero();
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
    }

    @Test
    void isNotWaitingWhereItCouldNotBeCreated() {
        // Given
        rig.thenFailToCreate(new PulsarClientException.TopicTerminatedException("terminated"));

        // When
        rig.start();
        rig.advance(Duration.ofMinutes(1));

        // Then
        assertThat(rig.lookUpsAsked()).isZero();
        assertThat(rig.state()).isEqualTo(ProducerState.TERMINATED);
    }

    @Test
    void otherAccessModesNeverWait() {
        // Given
        ChildRig shared = new ChildRig(ProducerAccessMode.Exclusive);
        shared.thenHoldCreation();

        // When
        shared.start();
        shared.advance(Duration.ofMinutes(1));

        // Then
        assertThat(shared.state()).isEqualTo(ProducerState.STARTING);
        assertThat(shared.lookUpsAsked()).isZero();
    }

    @Test
    void queuesAgainWhenItsPlaceIsLost() {
        // Given
        CompletableFuture<EntryPublisher> creation = rig.thenHoldCreation();
        rig.start();
        rig.advance(SIGN);

        // When
        creation.completeExceptionally(new PulsarClientException.TimeoutException("timeout"));
        rig.run();
        assertThat(rig.state()).isEqualTo(ProducerState.RESTARTING);
        rig.advance(Duration.ofMillis(100).plus(SIGN));

        // Then
        assertThat(rig.moves).containsExactly("STARTING", "WAITING", "RESTARTING: timeout", "STARTING", "WAITING");
        assertThat(rig.hasEnded()).isFalse();
    }

    @Test
    void aRefusedOneThatIsTriedAgainAndQueuedIsWaiting() {
        // Given
        rig.thenFailToCreate(new PulsarClientException.AuthorizationException("not authorized"));
        rig.start();
        assertThat(rig.state()).isEqualTo(ProducerState.REFUSED);
        CompletableFuture<EntryPublisher> creation = rig.thenHoldCreation();

        // When
        rig.advance(ChildRig.REFUSED_RETRY.plus(SIGN));

        // Then
        assertThat(rig.state()).isEqualTo(ProducerState.WAITING);
        creation.complete(new ScriptedPublisher());
        rig.run();
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
    }

    @Test
    void queuesAgainWhenFenced() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        rig.offered();

        // When
        publisher.fail(0, new PulsarClientException.ProducerFencedException("fenced"));
        rig.run();

        // Then
        assertThat(rig.moves).containsExactly("RESTARTING: fenced");
        assertThat(rig.exit()).hasMessage("fenced");
    }

    @Test
    void triesAgainWhereItWasFencedAtItsCreation() {
        // Given
        rig.thenFailToCreate(new PulsarClientException.ProducerFencedException("fenced"));
        rig.thenCreate();

        // When
        rig.start();
        assertThat(rig.state()).isEqualTo(ProducerState.RESTARTING);
        rig.advance(Duration.ofMillis(100));

        // Then
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
    }

    @Test
    void aSignThatComesAfterTheStopChangesNothing() {
        // Given
        rig.thenHoldCreation();
        CompletableFuture<Integer> lookUp = rig.thenHoldLookUp();
        rig.start();
        rig.advance(SIGN);
        rig.child().stop(Duration.ofSeconds(10));
        rig.run();

        // When
        lookUp.complete(0);
        rig.run();

        // Then
        assertThat(rig.state()).isEqualTo(ProducerState.STOPPED);
    }
}
