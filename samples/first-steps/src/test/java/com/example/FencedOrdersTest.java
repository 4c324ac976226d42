package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.time.Duration;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FencedOrdersTest {
    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void ordersAreRefusedOnceAnotherProducerHasTheTopic(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> producer = vela.newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.Exclusive)
                .sendTimeout(Duration.ofMinutes(2))
                .start();
        producer.awaitReady(Duration.ofMinutes(1));
        Orders orders = new Orders(producer);

        pulsar.fence(topic);

        assertEquals(Orders.Result.UNKNOWN, orders.place("ann", "tea"));
        assertEquals(Orders.Result.REFUSED, orders.place("ann", "rice"));
    }
}
