package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.NoProducersAvailableException;
import dev.vela.ProducerDiedException;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.Vela;
import java.time.Duration;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may publish to a topic, alone or beside others. */
class AccessModesIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    @AutoClose
    private final Vela vela = Broker.vela();

    @AutoClose
    private final Vela other = Broker.vela();

    private final String topic = Broker.freshTopic("access");

    @Test
    void twoSharedGroupsBothPublish() throws Exception {
        // Given
        ProducerGroup<String> first = start(vela, ProducerAccessMode.Shared);
        ProducerGroup<String> second = start(other, ProducerAccessMode.Shared);

        // When
        first.send("from the first");
        second.send("from the second");

        // Then
        assertThat(Broker.read(topic, Schema.STRING, 2))
                .extracting(Message::getValue)
                .containsExactly("from the first", "from the second");
    }

    @Test
    void secondExclusiveGroupIsRefusedAndPublishesOnceTheFirstHasGone() throws Exception {
        // Given
        ProducerGroup<String> first = start(vela, ProducerAccessMode.Exclusive);
        first.awaitReady(SOON);

        // When
        ProducerGroup<String> second = start(other, ProducerAccessMode.Exclusive);

        // Then
        NoProducersAvailableException refusal =
                Answers.notSent(second.sendAsync("too early"), NoProducersAvailableException.class);
        assertThat(refusal).hasCauseInstanceOf(PulsarClientException.ProducerFencedException.class);
        assertThat(second.producers()).isEmpty();

        // When
        first.close();
        second.restart();
        second.awaitReady(SOON);
        second.send("alone");

        // Then
        assertThat(Broker.read(topic, Schema.STRING, 1))
                .extracting(Message::getValue)
                .containsExactly("alone");
    }

    @Test
    void exclusiveGroupKeepsAnOfficialProducerOut() throws Exception {
        ProducerGroup<String> group = start(vela, ProducerAccessMode.Exclusive);
        group.awaitReady(SOON);

        assertThatThrownBy(() -> officialProducer(ProducerAccessMode.Shared).close())
                .isInstanceOf(PulsarClientException.ProducerBusyException.class);

        group.close();
        officialProducer(ProducerAccessMode.Exclusive).close();
    }

    @Test
    void groupBehindAnExclusiveOfficialProducerComesUpOnceThatOneHasGone() throws Exception {
        ProducerGroup<String> group;
        try (Producer<String> rival = officialProducer(ProducerAccessMode.Exclusive)) {
            group = start(vela, ProducerAccessMode.Shared);
            await().atMost(SOON).until(() -> state(group) == ProducerState.RESTARTING);
            assertThat(group.snapshot().groups().get(0).producers().get(0).lastCause())
                    .containsInstanceOf(PulsarClientException.ProducerBusyException.class);
            rival.send("rival");
        }

        group.newMessage().value("group").timeout(SOON).send();

        assertThat(Broker.read(topic, Schema.STRING, 2))
                .extracting(Message::getValue)
                .containsExactly("rival", "group");
    }

    @Test
    void fencedGroupStaysDownUntilRestartedAndTheNewOneSurvives() throws Exception {
        // Given
        ProducerGroup<String> old = start(vela, ProducerAccessMode.ExclusiveWithFencing);
        old.send("old");

        // When
        ProducerGroup<String> fresh = start(other, ProducerAccessMode.ExclusiveWithFencing);
        fresh.send("fresh");

        // Then
        assertThat(Answers.unknown(old.sendAsync("fenced"), ProducerDiedException.class))
                .hasCauseInstanceOf(PulsarClientException.ProducerFencedException.class);
        await().atMost(SOON).until(() -> state(old) == ProducerState.FENCED);
        await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> state(old) == ProducerState.FENCED);
        assertThat(Answers.notSent(old.sendAsync("still fenced"), NoProducersAvailableException.class))
                .hasCauseInstanceOf(PulsarClientException.ProducerFencedException.class);
        fresh.send("fresh again");

        // When
        old.restart();
        old.awaitReady(SOON);
        old.send("taken back");

        // Then
        assertThat(Broker.read(topic, Schema.STRING, 4))
                .extracting(Message::getValue)
                .containsExactly("old", "fresh", "fresh again", "taken back");
    }

    @ParameterizedTest
    @EnumSource(names = {"Exclusive", "ExclusiveWithFencing"})
    void exclusiveModesRefuseASecondProducerInTheGroup(ProducerAccessMode mode) {
        assertThatIllegalStateException()
                .isThrownBy(() -> vela.newProducerGroup(Schema.STRING)
                        .topic(topic)
                        .producers(2)
                        .accessMode(mode)
                        .start())
                .withMessageContaining("producers to be 1, was 2");
    }

    private ProducerGroup<String> start(Vela runtime, ProducerAccessMode mode) throws PulsarClientException {
        return runtime.newProducerGroup(Schema.STRING)
                .topic(topic)
                .accessMode(mode)
                .start();
    }

    private Producer<String> officialProducer(ProducerAccessMode mode) throws PulsarClientException {
        return Broker.client()
                .newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(mode)
                .create();
    }

    private static ProducerState state(ProducerGroup<?> group) {
        return group.snapshot().groups().get(0).producers().get(0).state();
    }
}
