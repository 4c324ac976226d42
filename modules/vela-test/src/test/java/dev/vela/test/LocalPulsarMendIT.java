package dev.vela.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a test leaves broken is mended for the next one. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocalPulsarMendIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static String fenced;

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    @Order(1)
    void leavesItFrozen(Vela vela, @Topic String topic) throws Exception {
        pulsar.fence(topic);
        fenced = topic;
        vela.newProducer(Schema.STRING).topic(topic).start();
        pulsar.freeze();
        assertThat(pulsar.pulsar().isFrozen()).isTrue();
    }

    @Test
    @Order(2)
    void findsItThawedAndLeavesItDead(Vela vela) throws Exception {
        assertThat(pulsar.pulsar().isFrozen()).isFalse();
        SupervisedProducer<String> producer = vela.newProducer(Schema.STRING)
                .topic(fenced)
                .accessMode(ProducerAccessMode.Exclusive)
                .start();
        producer.awaitReady(LONG);
        pulsar.pulsar().kill();
    }

    @Test
    @Order(3)
    void findsItRunning(Vela vela, @Topic String topic) throws Exception {
        vela.newProducer(Schema.STRING)
                .topic(topic)
                .start()
                .newMessage()
                .value("v")
                .timeout(LONG)
                .send();
        // Twice if the topic moved before the receipt came: the client then sends what is pending again.
        assertThat(pulsar.messages(topic, Schema.STRING))
                .isNotEmpty()
                .allMatch(message -> message.getValue().equals("v"));
    }
}
