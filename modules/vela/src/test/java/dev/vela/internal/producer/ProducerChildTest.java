package dev.vela.internal.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Backoff;
import dev.vela.ChildSpec;
import dev.vela.InFlightPolicy;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.ProducerState;
import dev.vela.RestartIntensity;
import dev.vela.SendTimeoutException;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.Send;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.ScriptedPublisher;
import dev.vela.internal.supervision.Supervisor;
import dev.vela.internal.supervision.SupervisorListener;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The life and death of a producer, row by row of the contract's table. */
class ProducerChildTest {

    @Test
    void aRestartWhileARefusedOnesNextAttemptIsUnderWayBeginsNoSecondOne() {
        // Given
        ChildRig rig = new ChildRig(ProducerAccessMode.Shared);
        rig.thenFailToCreate(new PulsarClientException.AuthorizationException("no"));
        rig.start();
        CompletableFuture<EntryPublisher> attempt = rig.thenHoldCreation();
        rig.advance(ChildRig.REFUSED_RETRY);
        assertThat(rig.created).hasSize(2);

        // When
        rig.child().restart();
        ScriptedPublisher publisher = new ScriptedPublisher();
        attempt.complete(publisher);
        rig.run();

        // Then
        assertThat(rig.created).hasSize(2);
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(rig.closed).isEmpty();
    }

    @Test
    void aProducerThatArrivesWhenTheControlThreadHasEndedIsClosed() {
        // Given a stop during the creation, and a control thread that runs nothing more
        ChildRig rig = new ChildRig(ProducerAccessMode.Shared);
        CompletableFuture<EntryPublisher> creation = rig.thenHoldCreation();
        rig.start();
        rig.child().stop(Duration.ZERO);
        rig.run();
        assertThat(rig.hasEnded()).isTrue();

        // When
        ScriptedPublisher late = new ScriptedPublisher();
        creation.complete(late);

        // Then
        assertThat(rig.closed).containsExactly(late);
        rig.run();
        assertThat(rig.closed).containsExactly(late);
    }

    @Test
    void closesItsProducerAheadAndEndsOnlyWhenItIsAskedTo() {
        ChildRig rig = new ChildRig(ProducerAccessMode.Shared);
        ScriptedPublisher publisher = rig.ready();

        rig.child().closeAhead(Duration.ofSeconds(1));
        rig.run();
        assertThat(rig.closed).containsExactly(publisher);
        assertThat(rig.state()).isEqualTo(ProducerState.STOPPED);
        assertThat(rig.hasEnded()).isFalse();

        rig.child().stop(Duration.ofSeconds(5));
        rig.run();
        assertThat(rig.hasEnded()).isTrue();
        assertThat(rig.closed).containsExactly(publisher);
    }

    private final ChildRig rig = new ChildRig(ProducerAccessMode.Shared);

    private static PulsarClientException closed() {
        return new PulsarClientException.AlreadyClosedException("closed");
    }

    private static PulsarClientException fenced() {
        return new PulsarClientException.ProducerFencedException("fenced");
    }

    private static PulsarClientException terminated() {
        return new PulsarClientException.TopicTerminatedException("terminated");
    }

    private static Throwable failure(Send send) {
        return send.handle((receipt, failure) -> failure).join();
    }

    // ---- starting

    @Test
    void becomesReadyWhenItsProducerIsCreated() {
        // Given
        CompletableFuture<EntryPublisher> creation = rig.thenHoldCreation();
        rig.start();
        assertThat(rig.state()).isEqualTo(ProducerState.STARTING);
        assertThat(rig.lane.isLive()).isFalse();

        // When
        creation.complete(new ScriptedPublisher());
        rig.run();

        // Then
        assertThat(rig.moves).containsExactly("STARTING", "READY");
        assertThat(rig.created).containsExactly("group-0");
        assertThat(rig.lane.isLive()).isTrue();
    }

    @Test
    void waitsForItsStartupDelay() {
        // Given
        rig.thenCreate();

        // When, Then
        rig.child().start(Duration.ofMillis(300));
        rig.advance(Duration.ofMillis(299));
        assertThat(rig.created).isEmpty();
        rig.advance(Duration.ofMillis(1));
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
    }

    // ---- a name that the broker holds to be taken

    private static void takenForAMinuteThenFree(ChildRig rig) {
        for (int i = 0; i < 11; i++) {
            rig.thenFailToCreate(new PulsarClientException.ProducerBusyException("already connected"));
        }
        rig.thenCreate();
        rig.child().start(Duration.ZERO);
        rig.advance(Duration.ofMinutes(10));
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
    }

    @Test
    void comesUnderAnotherNameOnceItsOwnHasBeenTakenForLong() {
        takenForAMinuteThenFree(rig);

        assertThat(rig.created).startsWith("group-0", "group-0", "group-0").endsWith("group-0-2");
        assertThat(rig.created).containsOnly("group-0", "group-0-2");
    }

    @Test
    void keepsItsNameWhereReplayCountsOnIt() {
        ChildRig replaying = new ChildRig(ProducerAccessMode.Shared, InFlightPolicy.REPLAY);

        takenForAMinuteThenFree(replaying);

        assertThat(replaying.created).containsOnly("group-0");
    }

    // ---- disconnected, and reconnecting by itself

    @Test
    void reconnectingIsNotDeath() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        Send inFlight = rig.offered();

        // When
        publisher.connected(false);
        rig.tick(29);
        Send queued = rig.offered();

        // Then
        assertThat(rig.moves).containsExactly("RECONNECTING");
        assertThat(rig.hasEnded()).isFalse();
        publisher.connected(true);
        rig.tick(1);
        assertThat(rig.moves).containsExactly("RECONNECTING", "READY");
        publisher.acknowledgeAll();
        assertThat(List.of(inFlight, queued))
                .allSatisfy(send -> assertThat(send).isCompleted());
        assertThat(rig.closed).isEmpty();
        assertThat(rig.created).hasSize(1);
    }

    // ---- not connected for longer than the limit

    @Test
    void isReplacedWhenDisconnectedForTooLong() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        Send inFlight = rig.offered();
        publisher.connected(false);

        // When
        rig.tick(30);
        assertThat(rig.hasEnded()).isFalse();
        rig.tick(1);

        // Then
        assertThat(rig.exit()).hasMessage("group-0 was not connected for 30 s");
        assertThat(rig.moves).containsExactly("RECONNECTING", "RESTARTING: group-0 was not connected for 30 s");
        assertThat(rig.closed).containsExactly(publisher);
        assertThat(failure(inFlight)).isInstanceOf(ProducerDiedException.class);
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.lane.isLive()).isFalse();
    }

    @Test
    void timeDisconnectedBeforeAReconnectDoesNotCount() {
        // Given
        ScriptedPublisher publisher = rig.ready();

        // When
        for (int i = 0; i < 5; i++) {
            publisher.connected(false);
            rig.tick(20);
            publisher.connected(true);
            rig.tick(1);
        }

        // Then
        assertThat(rig.hasEnded()).isFalse();
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
    }

    // ---- connected, but what timed out is never answered

    @Test
    void isReplacedWhenWhatTimedOutIsNeverAnswered() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        Send forgotten = rig.offered(Duration.ofSeconds(10));

        // When
        rig.tick(29);
        assertThat(failure(forgotten)).isInstanceOf(SendTimeoutException.class);
        assertThat(rig.holdsNothing()).isFalse();
        assertThat(rig.hasEnded()).isFalse();
        rig.tick(1);

        // Then
        assertThat(rig.exit()).hasMessage("group-0 had no receipt for 30 s, beyond the timeout of its oldest message");
        assertThat(rig.closed).containsExactly(publisher);
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void isNotReplacedWhenItHasJustComeBackAndSendsAllOfItAgain() {
        // Given one whose broker froze, and whose connection was then given up
        ScriptedPublisher publisher = rig.ready();
        rig.offered(Duration.ofSeconds(10));
        rig.tick(15);
        publisher.connected(false);
        rig.tick(14);

        // When
        publisher.connected(true);
        rig.tick(30);

        // Then
        assertThat(rig.hasEnded()).isFalse();
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        rig.tick(1);
        assertThat(rig.hasEnded()).isTrue();
    }

    @Test
    void aReconnectBetweenTwoLooksCountsToo() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        rig.offered(Duration.ofSeconds(10));
        rig.tick(29);

        // When
        publisher.lastDisconnected(1);
        rig.tick(30);

        // Then
        assertThat(rig.hasEnded()).isFalse();
        rig.tick(1);
        assertThat(rig.hasEnded()).isTrue();
    }

    @Test
    void isNotReplacedWhileAMessageMayYetBeAnswered() {
        // Given
        rig.ready();
        rig.offered(Duration.ofMinutes(5));

        // When
        rig.tick(120);

        // Then
        assertThat(rig.hasEnded()).isFalse();
    }

    @Test
    void isNotReplacedWhileReceiptsCome() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        rig.offered(Duration.ofSeconds(10));

        // When
        for (int i = 1; i <= 5; i++) {
            rig.offered(Duration.ofSeconds(10));
            rig.tick(20);
            publisher.acknowledge(i);
        }

        // Then
        assertThat(rig.hasEnded()).isFalse();
    }

    @Test
    void isNotReplacedWhenNothingIsInFlight() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        rig.offered(Duration.ofSeconds(10));
        rig.tick(20);
        publisher.acknowledge(0);

        // When
        rig.tick(120);

        // Then
        assertThat(rig.hasEnded()).isFalse();
    }

    // ---- closed, failed, topic missing

    @Test
    void diesWhenItsProducerIsFoundClosedWhileIdle() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        PulsarClientException cause = closed();

        // When
        publisher.ended(cause);
        rig.tick(1);

        // Then
        assertThat(rig.exit()).isSameAs(cause);
        assertThat(rig.moves).containsExactly("RECONNECTING", "RESTARTING: closed");
        assertThat(rig.closed).containsExactly(publisher);
    }

    @Test
    void diesWhenItsProducerIsFoundClosedAtASend() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        Send inFlight = rig.offered();
        publisher.ended(closed());

        // When
        Send refused = rig.offered(OfferResult.DOWN);
        rig.run();

        // Then
        assertThat(rig.exit()).hasMessage("closed");
        assertThat(rig.state()).isEqualTo(ProducerState.RESTARTING);
        assertThat(refused).isNotDone();
        assertThat(failure(inFlight))
                .isInstanceOfSatisfying(
                        ProducerDiedException.class,
                        died -> assertThat(died.outcome()).isEqualTo(Outcome.UNKNOWN))
                .hasMessageContaining("closed");
        assertThat(rig.slot.lastCause()).hasMessage("closed");
    }

    @Test
    void diesOfWhatAReceiptSays() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        rig.offered();
        Send behind = rig.offered();

        // When
        publisher.fail(0, new PulsarClientException.TopicDoesNotExistException("gone"));
        rig.run();

        // Then
        assertThat(rig.exit()).hasMessage("gone");
        assertThat(failure(behind)).isInstanceOf(ProducerDiedException.class);
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void isRestartedByItsSupervisorUnderTheSameNameAndGoesOnCounting() {
        // Given
        ScriptedPublisher first = rig.thenCreate();
        ScriptedPublisher second = rig.thenCreate();
        Supervisor supervisor = new Supervisor(
                "group",
                RestartIntensity.of(1, Duration.ofMinutes(1)),
                new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), 2, 0),
                rig.scheduler,
                new Random(1),
                new SupervisorListener() {});
        supervisor.start(List.of(ChildSpec.of("group-0", () -> {
            ProducerChild child = rig.newChild();
            child.start(Duration.ZERO);
            return CompletableFuture.completedFuture(child);
        })));
        rig.run();
        rig.offered();

        // When
        first.ended(closed());
        Send waiting = rig.offered(OfferResult.DOWN);
        rig.advance(Duration.ofMillis(100));

        // Then
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(rig.created).containsExactly("group-0", "group-0");
        assertThat(rig.lane.offer(waiting)).isEqualTo(OfferResult.TAKEN);
        assertThat(second.sequenceIds()).containsExactly(1L);
    }

    @Test
    void aDeathOfAProducerReplacedSinceIsNone() {
        // Given
        ScriptedPublisher publisher = rig.ready();

        // When
        rig.child().died(new ScriptedPublisher(), closed());
        rig.run();

        // Then
        assertThat(rig.hasEnded()).isFalse();
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(publisher.isClosed()).isFalse();
    }

    @Test
    void diesOnceHoweverManySendsFindIt() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        rig.offered();
        rig.offered();

        // When
        publisher.fail(0, closed());
        publisher.fail(1, closed());
        rig.run();

        // Then
        assertThat(rig.moves).containsExactly("RESTARTING: closed");
        assertThat(rig.closed).hasSize(1);
    }

    @Test
    void aProbeThatIsRefusedForFullMemoryIsNoDeath() {
        // Given
        ScriptedPublisher publisher = rig.ready();

        // When
        publisher.ended(new PulsarClientException.MemoryBufferIsFullError("full", 0));
        rig.tick(3);

        // Then
        assertThat(rig.hasEnded()).isFalse();
        assertThat(rig.state()).isEqualTo(ProducerState.RECONNECTING);
    }

    @Test
    void isNotProbedWhileItIsConnected() {
        // Given
        ScriptedPublisher publisher = rig.ready();

        // When
        rig.tick(10);

        // Then
        assertThat(publisher.probes()).isZero();
    }

    // ---- could not be created

    static Stream<Throwable> passing() {
        return Stream.of(
                new PulsarClientException.LookupException("lookup"),
                new PulsarClientException.TimeoutException("timeout"),
                new PulsarClientException.ConnectException("refused"),
                new PulsarClientException.ProducerBusyException("busy"),
                new PulsarClientException.ProducerBlockedQuotaExceededException("quota"),
                new PulsarClientException.NotFoundException("not found"),
                new PulsarClientException.TopicDoesNotExistException("no topic"),
                new IllegalStateException("a customizer threw"));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void triesAgainWithBackoffWithoutDyingWhereItCouldNotBeCreated(Throwable cause) {
        // Given
        rig.thenFailToCreate(new CompletionException(cause));
        rig.thenFailToCreate(cause);
        rig.thenFailToCreate(cause);
        rig.thenCreate();

        // When, Then
        rig.start();
        assertThat(rig.moves).containsExactly("STARTING", "RESTARTING: " + cause.getMessage());
        assertThat(rig.slot.lastCause()).isSameAs(cause);
        rig.advance(Duration.ofMillis(99));
        assertThat(rig.created).hasSize(1);
        rig.advance(Duration.ofMillis(1));
        assertThat(rig.created).hasSize(2);
        rig.advance(Duration.ofMillis(200));
        assertThat(rig.created).hasSize(3);
        rig.advance(Duration.ofMillis(400));
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(rig.backoffs).containsExactly(0, 1, 2);
        assertThat(rig.hasEnded()).isFalse();
    }

    // ---- fenced

    @Test
    void staysDownWhenFencedUntilItIsRestartedByHand() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        Send inFlight = rig.offered();

        // When
        publisher.fail(0, fenced());
        rig.run();
        rig.advance(Duration.ofDays(1));

        // Then
        assertThat(rig.moves).containsExactly("FENCED: fenced");
        assertThat(rig.hasEnded()).isFalse();
        assertThat(rig.created).hasSize(1);
        assertThat(rig.closed).containsExactly(publisher);
        assertThat(failure(inFlight)).isInstanceOf(ProducerDiedException.class);
        rig.thenCreate();
        rig.child().restart();
        rig.run();
        assertThat(rig.moves).containsExactly("FENCED: fenced", "STARTING", "READY");
    }

    @Test
    void staysDownWhenFencedAtItsCreation() {
        // Given
        rig.thenFailToCreate(fenced());

        // When
        rig.start();
        rig.advance(Duration.ofDays(1));

        // Then
        assertThat(rig.state()).isEqualTo(ProducerState.FENCED);
        assertThat(rig.created).hasSize(1);
    }

    // ---- topic terminated

    @Test
    void noticesThatItsTopicIsTerminatedEvenWhenIdleAndStaysDown() {
        // Given
        ScriptedPublisher publisher = rig.ready();

        // When
        publisher.ended(terminated());
        rig.tick(5);
        rig.advance(Duration.ofDays(1));

        // Then
        assertThat(rig.moves).containsExactly("RECONNECTING", "TERMINATED: terminated");
        assertThat(rig.hasEnded()).isFalse();
        assertThat(rig.created).hasSize(1);
        assertThat(rig.lane.isLive()).isFalse();
    }

    @Test
    void staysDownWhereTheTopicIsTerminatedAlready() {
        // Given
        rig.thenFailToCreate(terminated());

        // When
        rig.start();
        rig.advance(Duration.ofDays(1));

        // Then
        assertThat(rig.moves).containsExactly("STARTING", "TERMINATED: terminated");
        assertThat(rig.created).hasSize(1);
    }

    // ---- refused

    static Stream<Throwable> refusals() {
        return Stream.of(
                new PulsarClientException.IncompatibleSchemaException("schema"),
                new PulsarClientException.AuthorizationException("not authorized"),
                new PulsarClientException.AuthenticationException("who are you"),
                new PulsarClientException.InvalidConfigurationException("configuration"),
                new PulsarClientException.NotAllowedException("not allowed"),
                new IllegalArgumentException("argument"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void staysDownWhenRefusedAndIsTriedAgainMoreAndMoreSlowly(Throwable cause) {
        // Given
        rig.thenFailToCreate(cause);
        rig.thenFailToCreate(cause);
        rig.thenCreate();

        // When, Then
        rig.start();
        assertThat(rig.state()).isEqualTo(ProducerState.REFUSED);
        rig.advance(Duration.ofMillis(999));
        assertThat(rig.created).hasSize(1);
        rig.advance(Duration.ofMillis(1));
        assertThat(rig.created).hasSize(2);
        assertThat(rig.state()).isEqualTo(ProducerState.REFUSED);
        rig.advance(Duration.ofMillis(1999));
        assertThat(rig.created).hasSize(2);
        rig.advance(Duration.ofMillis(1));
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        assertThat(rig.hasEnded()).isFalse();
    }

    @Test
    void isTriedAgainAtOnceWhenRestartedByHandWhileRefused() {
        // Given
        rig.thenFailToCreate(new PulsarClientException.AuthorizationException("not authorized"));
        rig.start();
        rig.thenCreate();

        // When
        rig.child().restart();
        rig.run();

        // Then
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        rig.advance(ChildRig.REFUSED_RETRY.multipliedBy(2));
        assertThat(rig.created).hasSize(2);
    }

    @Test
    void leavesAloneByHandWhatLivesOrComesBack() {
        // Given
        rig.ready();

        // When
        rig.child().restart();
        rig.run();

        // Then
        assertThat(rig.created).hasSize(1);
        assertThat(rig.moves).isEmpty();
    }

    // ---- stopping

    @Test
    void answersWhatItHasBeforeItStops() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        Send send = rig.offered();

        // When, Then
        rig.child().stop(Duration.ofSeconds(10));
        rig.advance(Duration.ofSeconds(1));
        assertThat(rig.hasEnded()).isFalse();
        assertThat(publisher.isClosed()).isFalse();
        publisher.acknowledgeAll();
        rig.advance(Duration.ofMillis(5));
        assertThat(send).isCompleted();
        assertThat(rig.exit()).isNull();
        assertThat(publisher.isClosed()).isTrue();
        assertThat(rig.moves).containsExactly("STOPPED");
    }

    @Test
    void takesNothingMoreWhileItStops() {
        // Given
        rig.ready();
        rig.offered();

        // When
        rig.child().stop(Duration.ofSeconds(10));
        rig.run();

        // Then
        rig.offered(OfferResult.DOWN);
    }

    @Test
    void leavesTimeToCloseBeforeItsDeadline() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        Send send = rig.offered();

        // When, Then
        rig.child().stop(Duration.ofSeconds(10));
        rig.advance(Duration.ofMillis(6_990));
        assertThat(publisher.isClosed()).isFalse();
        rig.advance(Duration.ofMillis(15));
        assertThat(publisher.isClosed()).isTrue();
        assertThat(failure(send))
                .isInstanceOfSatisfying(
                        ProducerDiedException.class,
                        died -> assertThat(died.outcome()).isEqualTo(Outcome.UNKNOWN))
                .hasMessageContaining("was stopped");
        assertThat(rig.exit()).isNull();
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void endsThoughItsProducerDoesNotClose() {
        // Given
        ScriptedPublisher publisher = rig.ready().holdingClose();

        // When
        rig.child().stop(Duration.ofSeconds(10));
        rig.run();

        // Then
        assertThat(publisher.isClosed()).isTrue();
        assertThat(rig.hasEnded()).isFalse();
        rig.advance(Duration.ofSeconds(3));
        assertThat(rig.exit()).isNull();
    }

    @Test
    void stopWhileCreatingClosesTheProducerThatComesLate() {
        // Given
        CompletableFuture<EntryPublisher> creation = rig.thenHoldCreation();
        rig.start();

        // When
        rig.child().stop(Duration.ofSeconds(10));
        rig.run();
        assertThat(rig.exit()).isNull();
        ScriptedPublisher late = new ScriptedPublisher();
        creation.complete(late);
        rig.run();

        // Then
        assertThat(late.isClosed()).isTrue();
        assertThat(rig.lane.isLive()).isFalse();
        assertThat(rig.moves).containsExactly("STARTING", "STOPPED");
    }

    @Test
    void stopCallsOffWhatWasToBeTriedAgain() {
        // Given
        rig.thenFailToCreate(new PulsarClientException.LookupException("lookup"));
        rig.start();

        // When
        rig.child().stop(Duration.ofSeconds(10));
        rig.run();
        rig.advance(Duration.ofDays(1));

        // Then
        assertThat(rig.exit()).isNull();
        assertThat(rig.created).hasSize(1);
        assertThat(rig.state()).isEqualTo(ProducerState.STOPPED);
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void aDeathWhileItStopsIsNotOne() {
        // Given
        ScriptedPublisher publisher = rig.ready();
        rig.offered();
        rig.offered();
        rig.child().stop(Duration.ofSeconds(10));
        rig.run();

        // When
        publisher.fail(0, closed());
        publisher.fail(1, closed());
        rig.advance(Duration.ofMillis(10));

        // Then
        assertThat(rig.exit()).isNull();
        assertThat(rig.moves).containsExactly("STOPPED");
    }

    @Test
    void killEndsItAtOnce() {
        // Given
        ScriptedPublisher publisher = rig.ready().holdingClose();
        Send send = rig.offered();

        // When
        rig.child().kill();
        rig.run();

        // Then
        assertThat(rig.exit()).isNull();
        assertThat(failure(send)).isInstanceOf(ProducerDiedException.class);
        assertThat(publisher.isClosed()).isTrue();
        assertThat(rig.state()).isEqualTo(ProducerState.STOPPED);
    }

    @Test
    void aKillWhileItDrainsLeavesItsSuccessorAlone() {
        // Given
        rig.ready();
        rig.offered();
        rig.child().stop(Duration.ofSeconds(10));
        rig.advance(Duration.ofMillis(7));
        rig.child().kill();
        rig.run();

        // When
        ScriptedPublisher successor = rig.thenCreate();
        rig.newChild().start(Duration.ZERO);
        rig.advance(Duration.ofMillis(20));

        // Then
        assertThat(rig.state()).isEqualTo(ProducerState.READY);
        rig.offered();
        assertThat(successor.entries()).hasSize(1);
    }

    /** Its successor sends again what was in flight. */
    @Nested
    class Replaying {
        private final ChildRig rig = new ChildRig(ProducerAccessMode.Shared, InFlightPolicy.REPLAY);

        private Send keptOne(ScriptedPublisher publisher) {
            Send kept = rig.offered();
            publisher.ended(closed());
            rig.offered(OfferResult.DOWN);
            rig.run();
            return kept;
        }

        private void succeedWith(ScriptedPublisher successor) {
            rig.thenCreate(successor);
            rig.newChild().start(Duration.ZERO);
            rig.run();
        }

        @Test
        void aSuccessorComesOnlyWhenItIsClosedAndIsReadyOnceItHasEverything() {
            // Given
            ScriptedPublisher publisher = rig.ready().holdingClose();
            Send kept = keptOne(publisher);

            // Then
            rig.advance(Duration.ofMinutes(1));
            assertThat(publisher.isClosed()).isTrue();
            assertThat(rig.hasEnded()).isFalse();
            assertThat(rig.moves).containsExactly("RESTARTING: closed");
            publisher.finishClose();
            rig.run();
            assertThat(rig.exit()).hasMessage("closed");

            // When
            ScriptedPublisher successor =
                    new ScriptedPublisher().refusing(new PulsarClientException.MemoryBufferIsFullError("full", 0));
            succeedWith(successor);

            // Then
            assertThat(rig.state()).isEqualTo(ProducerState.STARTING);
            successor.refusing(null);
            rig.advance(Duration.ofSeconds(1));
            assertThat(rig.state()).isEqualTo(ProducerState.READY);
            assertThat(successor.sequenceIds()).containsExactly(0L);
            assertThat(kept).isNotDone();
            successor.acknowledgeAll();
            assertThat(kept).isCompleted();
        }

        @Test
        void keepsItWhileNoSuccessorCanBeCreated() {
            // Given
            Send kept = keptOne(rig.ready());
            rig.thenFailToCreate(new PulsarClientException.LookupException("broker away"));
            rig.thenFailToCreate(new PulsarClientException.ProducerBusyException("busy"));
            ScriptedPublisher third = rig.thenCreate();

            // When
            rig.newChild().start(Duration.ZERO);
            rig.advance(Duration.ofSeconds(10));

            // Then
            assertThat(rig.created).hasSize(4);
            assertThat(third.sequenceIds()).containsExactly(0L);
            assertThat(kept).isNotDone();
        }

        @Test
        void aSuccessorThatDiesMeanwhileLeavesItToTheNext() {
            // Given
            Send kept = keptOne(rig.ready());

            // When
            succeedWith(new ScriptedPublisher().ended(closed()));
            assertThat(rig.exit()).hasMessage("closed");
            ScriptedPublisher third = new ScriptedPublisher();
            succeedWith(third);

            // Then
            assertThat(third.sequenceIds()).containsExactly(0L);
            assertThat(rig.state()).isEqualTo(ProducerState.READY);
            assertThat(kept).isNotDone();
        }

        @Test
        void isReplacedWhenNothingIsHeardThoughNoMessageTimedOut() {
            // Given
            ScriptedPublisher publisher = rig.ready();
            rig.offered(Duration.ofDays(1));

            // When
            rig.tick(29);
            assertThat(rig.hasEnded()).isFalse();
            rig.tick(1);

            // Then
            assertThat(rig.exit()).hasMessage("group-0 had no receipt for 30 s, though messages are in flight");
            assertThat(rig.closed).containsExactly(publisher);
            ScriptedPublisher successor = new ScriptedPublisher();
            succeedWith(successor);
            assertThat(successor.sequenceIds()).containsExactly(0L);
        }

        @Test
        void whatItsQuotaThrewOutOfTheQueueIsSentAgain() {
            // Given
            ScriptedPublisher publisher = rig.ready();
            Send first = rig.offered();
            Send second = rig.offered();

            // When
            publisher.fail(0, new PulsarClientException.ProducerBlockedQuotaExceededException("backlog"));
            publisher.fail(1, new PulsarClientException.ProducerBlockedQuotaExceededException("backlog"));
            rig.run();

            // Then
            assertThat(rig.exit()).hasMessage("backlog");
            assertThat(first).isNotDone();
            ScriptedPublisher successor = new ScriptedPublisher();
            succeedWith(successor);
            successor.acknowledgeAll();
            assertThat(List.of(first, second))
                    .allSatisfy(send -> assertThat(send).isCompleted());
        }

        static Stream<Throwable> forGood() {
            return Stream.of(
                    new PulsarClientException.ProducerFencedException("fenced"),
                    new PulsarClientException.TopicTerminatedException("terminated"),
                    new PulsarClientException.IncompatibleSchemaException("schema"),
                    new PulsarClientException.AuthorizationException("not allowed"));
        }

        @ParameterizedTest
        @MethodSource("forGood")
        void itIsAnsweredWhenNoSuccessorMayBeCreated(Throwable cause) {
            // Given
            Send kept = keptOne(rig.ready());
            rig.thenFailToCreate(cause);

            // When
            rig.newChild().start(Duration.ZERO);
            rig.run();

            // Then
            assertUnknown(kept, cause);
        }

        @ParameterizedTest
        @MethodSource("ends")
        void itIsAnsweredWhenItsProducerEndedForGood(Throwable cause) {
            // Given
            ScriptedPublisher publisher = rig.ready();
            Send first = rig.offered();
            Send second = rig.offered();

            // When
            publisher.fail(0, cause);
            publisher.fail(1, cause);
            rig.run();

            // Then
            assertUnknown(first, cause);
            assertUnknown(second, cause);
            assertThat(rig.hasEnded()).isFalse();
        }

        static Stream<Throwable> ends() {
            return forGood().limit(2);
        }

        @Test
        void itIsAnsweredWhenItStopsWithoutASuccessor() {
            // Given
            Send kept = keptOne(rig.ready().holdingClose());

            // When
            rig.child().stop(Duration.ofSeconds(10));
            rig.run();

            // Then
            assertUnknown(kept, closed());
            assertThat(rig.exit()).isNull();
        }

        @Test
        void itIsAnsweredWhenItsProducerDiesWhileItStops() {
            // Given
            ScriptedPublisher publisher = rig.ready();
            Send send = rig.offered();
            rig.child().stop(Duration.ofSeconds(10));
            rig.run();

            // When
            publisher.fail(0, closed());
            rig.advance(Duration.ofMillis(10));

            // Then
            assertUnknown(send, closed());
            assertThat(rig.exit()).isNull();
        }

        @Test
        void itIsAnsweredWhenItsSuccessorWaitsForExclusiveAccess() {
            // Given
            ChildRig standby = new ChildRig(ProducerAccessMode.WaitForExclusive, InFlightPolicy.REPLAY);
            ScriptedPublisher publisher = standby.ready();
            Send kept = standby.offered();
            publisher.ended(closed());
            standby.offered(OfferResult.DOWN);
            standby.run();
            assertThat(kept).isNotDone();

            // When
            standby.thenHoldCreation();
            standby.newChild().start(Duration.ZERO);
            standby.advance(Duration.ofSeconds(1));

            // Then
            assertThat(standby.state()).isEqualTo(ProducerState.WAITING);
            assertThat(kept).isDone();
            assertThat(failure(kept)).isInstanceOf(ProducerDiedException.class);
            assertThat(standby.own.messages()).isEqualTo(1); // what was offered in vain
        }

        private void assertUnknown(Send send, Throwable cause) {
            assertThat(send).isDone();
            assertThat(failure(send)).isInstanceOf(ProducerDiedException.class);
            assertThat(Outcome.of(failure(send))).isEqualTo(Outcome.UNKNOWN);
            assertThat(failure(send).getCause()).hasMessage(cause.getMessage());
        }
    }
}
