package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.ProducerState;
import dev.vela.ProducerWaitingException;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of the chapter on exclusive access and standbys. */
@Tag("full")
class ExclusiveGuideIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void aFencedProducerStaysDownUntilItIsRestarted(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> orders = vela.newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .sendTimeout(LONG)
                .start();
        orders.awaitReady(LONG);

        pulsar.fence(topic);

        assertThat(orders.sendAsync("tea"))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .satisfies(failure -> assertThat(Outcome.of(failure.getCause())).isEqualTo(Outcome.UNKNOWN));
        await().atMost(LONG).until(() -> orders.state() == HandleState.DOWN);
        assertThat(orders.sendAsync("milk"))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(NoProducersAvailableException.class);

        orders.restart();
        orders.awaitReady(LONG);

        orders.send("coffee");
        assertThat(pulsar.messages(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly("coffee");
    }

    @Test
    void aStandbyIsPromoted(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> leader = writer(vela, "a", topic);
        leader.awaitReady(LONG);
        SupervisedProducer<String> standby = writer(vela, "b", topic);
        await().atMost(LONG).until(() -> stateOf(standby) == ProducerState.WAITING);

        assertThat(standby.sendAsync("too early"))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ProducerWaitingException.class);

        leader.close();
        standby.awaitReady(LONG);
        standby.send("my turn");
    }

    @Test
    void anExclusiveProducerIsRefusedWhileTheTopicIsTaken(Vela vela, @Topic String topic) throws Exception {
        pulsar.fence(topic);
        SupervisedProducer<String> orders = vela.newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.Exclusive)
                .start();

        await().atMost(LONG).until(() -> stateOf(orders) == ProducerState.FENCED);
    }

    private static SupervisedProducer<String> writer(Vela vela, String name, String topic) throws Exception {
        return vela.newProducer(Schema.STRING)
                .topic(topic)
                .name(name)
                .accessMode(ProducerAccessMode.WaitForExclusive)
                .sendTimeout(LONG)
                .start();
    }

    private static ProducerState stateOf(SupervisedProducer<?> producer) {
        return producer.snapshot().groups().get(0).producers().get(0).state();
    }
}
