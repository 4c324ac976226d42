package dev.vela.test.documented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.time.Duration;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OrdersIT {
    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void ordersAreStored(Vela vela, @Topic(partitions = 3) String topic) throws Exception {
        Orders orders = new Orders(vela.newProducer(Schema.STRING).topic(topic).start());

        assertThat(orders.place("ann", "tea")).isEqualTo(Orders.Result.PLACED);

        assertThat(pulsar.messages(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly("tea");
    }

    @Test
    void ordersAreRefusedOnceAnotherProducerHasTheTopic(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> producer = vela.newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.Exclusive)
                .start();
        producer.awaitReady(Duration.ofMinutes(1));
        Orders orders = new Orders(producer);

        pulsar.fence(topic);

        assertThat(orders.place("ann", "tea")).isEqualTo(Orders.Result.UNKNOWN);
        await().until(() -> producer.state() == HandleState.DOWN);
        assertThat(orders.place("ann", "tea")).isEqualTo(Orders.Result.REFUSED);
    }
}
