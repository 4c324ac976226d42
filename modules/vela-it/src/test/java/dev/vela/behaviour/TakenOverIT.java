package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Backoff;
import dev.vela.InFlightPolicy;
import dev.vela.Outcome;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.Vela;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An application that published alone loses the topic to another one while it is away. It never takes it back by
 * itself, and never writes after the other one.
 */
class TakenOverIT {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @AutoClose
    private final OwnNetwork network;

    @AutoClose
    private final Vela vela;

    @AutoClose
    private final Vela rivals = Broker.vela();

    private final Saboteur saboteur = new Saboteur();
    private final String topic = Broker.freshTopic("taken-over");

    TakenOverIT() throws Exception {
        network = new OwnNetwork();
        vela = network.vela();
    }

    private ProducerGroup<String> leader(ProducerAccessMode accessMode, Duration backoff) throws Exception {
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .name("leader")
                .accessMode(accessMode)
                .inFlightPolicy(InFlightPolicy.REPLAY)
                .maxDisconnectedTime(LIMIT)
                .backoff(Backoff.exponential(backoff, backoff.multipliedBy(2)))
                .customize(saboteur::join)
                .start();
        group.awaitReady(SOON);
        group.send("leader A");
        return group;
    }

    private ProducerGroup<String> rival(ProducerAccessMode accessMode) throws Exception {
        ProducerGroup<String> rival = rivals.newProducerGroup(Schema.STRING)
                .topic(topic)
                .name("rival")
                .accessMode(accessMode)
                .start();
        await().atMost(SOON).until(() -> {
            if (state(rival) == ProducerState.FENCED) {
                rival.restart(); // the broker has not noticed yet that the leader is away
            }
            return state(rival) == ProducerState.READY;
        });
        rival.send("leader B");
        return rival;
    }

    private static ProducerState state(ProducerGroup<?> group) {
        return group.snapshot().groups().get(0).producers().get(0).state();
    }

    private List<String> stored() throws PulsarClientException {
        return Broker.readAll(topic, Schema.STRING).stream()
                .map(Message::getValue)
                .toList();
    }

    /** Long enough for it to be replaced, were it of those that are. */
    private static void stayAway(ProducerGroup<?> group) {
        await().pollDelay(LIMIT.multipliedBy(2)).atMost(SOON).until(() -> state(group) != ProducerState.READY);
    }

    @Test
    void whoWasFencedWhileItWasCutOffStaysDownUntilItIsRestartedByHand() throws Exception {
        // Given
        ProducerGroup<String> leader = leader(ProducerAccessMode.ExclusiveWithFencing, Duration.ofMillis(100));
        network.cut();
        CompletableFuture<MessageId> stale = leader.sendAsync("stale");
        ProducerGroup<String> rival = rival(ProducerAccessMode.ExclusiveWithFencing);
        stayAway(leader);

        // When
        network.heal();

        // Then
        await().atMost(SOON).until(() -> state(leader) == ProducerState.FENCED);
        assertThat(Outcome.of(Answers.failure(stale, PulsarClientException.class)))
                .isEqualTo(Outcome.UNKNOWN);
        rival.send("still leader B");
        assertThat(stored()).containsExactly("leader A", "leader B", "still leader B");

        // When
        leader.restart();
        leader.awaitReady(SOON);
        leader.send("A again");

        // Then
        Answers.failure(rival.sendAsync("late"), PulsarClientException.class);
        assertThat(stored()).containsExactly("leader A", "leader B", "still leader B", "A again");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProducerAccessMode.class,
            names = {"Exclusive", "ExclusiveWithFencing", "WaitForExclusive"})
    void aRivalThatCameAndWentMeanwhileIsNotWrittenAfter(ProducerAccessMode accessMode) throws Exception {
        // Given
        ProducerGroup<String> leader = leader(accessMode, Duration.ofMillis(100));
        network.cut();
        CompletableFuture<MessageId> stale = leader.sendAsync("stale");
        rival(accessMode).close();
        stayAway(leader);

        // When
        network.heal();

        // Then
        assertThat(Outcome.of(Answers.failure(stale, PulsarClientException.class)))
                .isEqualTo(Outcome.UNKNOWN);
        if (accessMode == ProducerAccessMode.WaitForExclusive) {
            leader.awaitReady(SOON); // it queued again, and nobody was before it
        } else {
            await().atMost(SOON).until(() -> state(leader) == ProducerState.FENCED);
        }
        assertThat(stored()).containsExactly("leader A", "leader B");
    }

    @Test
    void whoComesBackBehindARivalDoesNotSendWhatIsStaleWhenItIsItsTurnAgain() throws Exception {
        // Given
        ProducerGroup<String> leader = leader(ProducerAccessMode.WaitForExclusive, Duration.ofMillis(100));
        network.cut();
        CompletableFuture<MessageId> stale = leader.sendAsync("stale");
        ProducerGroup<String> rival = rival(ProducerAccessMode.WaitForExclusive);

        // When
        network.heal();
        await().atMost(SOON).until(() -> state(leader) == ProducerState.WAITING);
        rival.close();
        leader.awaitReady(SOON);

        // Then
        assertThat(Outcome.of(Answers.failure(stale, PulsarClientException.class)))
                .isEqualTo(Outcome.UNKNOWN);
        leader.send("A again");
        assertThat(stored()).containsExactly("leader A", "leader B", "A again");
    }

    @Test
    void whoseEpochTheClientForgotFencesNobodyWhenItComesBack() throws Exception {
        // Given a client that has reconnected over the same connection, and was told no epoch
        ProducerGroup<String> leader = leader(ProducerAccessMode.ExclusiveWithFencing, Duration.ofMillis(100));
        saboteur.forgetEpochs();
        network.cut();
        CompletableFuture<MessageId> stale = leader.sendAsync("stale");
        ProducerGroup<String> rival = rival(ProducerAccessMode.ExclusiveWithFencing);

        // When
        network.heal();

        // Then
        await().atMost(SOON).until(() -> state(leader) == ProducerState.FENCED);
        assertThat(Outcome.of(Answers.failure(stale, PulsarClientException.class)))
                .isEqualTo(Outcome.UNKNOWN);
        rival.newMessage().value("still leader B").timeout(SOON).send();
        assertThat(stored()).containsExactly("leader A", "leader B", "still leader B");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProducerAccessMode.class,
            names = {"Exclusive", "ExclusiveWithFencing"})
    void whoDiedWhileARivalCameAndWentStaysDown(ProducerAccessMode accessMode) throws Exception {
        ProducerGroup<String> leader = leader(accessMode, Duration.ofSeconds(5));
        saboteur.killLast();
        await().atMost(SOON).until(() -> state(leader) != ProducerState.READY);

        rival(accessMode).close();

        await().atMost(SOON).until(() -> state(leader) == ProducerState.FENCED);
        assertThat(stored()).containsExactly("leader A", "leader B");
        leader.restart();
        leader.awaitReady(SOON);
        leader.send("A again");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProducerAccessMode.class,
            names = {"Exclusive", "ExclusiveWithFencing", "WaitForExclusive"})
    void whoDiedAndFindsThatNobodyWasThereGoesOnByItself(ProducerAccessMode accessMode) throws Exception {
        ProducerGroup<String> leader = leader(accessMode, Duration.ofMillis(100));

        for (int i = 0; i < 3; i++) {
            saboteur.killLast();
            leader.newMessage().value("and again " + i).timeout(SOON).send();
        }
        Broker.admin().unloadTopic(topic);
        leader.newMessage().value("at its next broker").timeout(SOON).send();

        await().atMost(SOON).until(() -> state(leader) == ProducerState.READY); // it looks once a second
        assertThat(stored())
                .containsSubsequence("leader A", "and again 0", "and again 1", "and again 2", "at its next broker");
    }
}
