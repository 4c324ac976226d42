package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vela.Outcome;
import dev.vela.test.MockSupervisedProducer;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private final MockSupervisedProducer<String> producer = MockSupervisedProducer.of("orders", Schema.STRING);
    private final Orders orders = new Orders(producer);

    @Test
    void anOrderIsSentWithItsCustomerAsKey() {
        assertEquals(Orders.Result.PLACED, orders.place("ann", "tea"));
        assertEquals("ann", producer.sent().get(0).key());
    }

    @Test
    void anUnknownOutcomeIsReportedAsSuch() {
        producer.failNext(Outcome.UNKNOWN);

        assertEquals(Orders.Result.UNKNOWN, orders.place("ann", "tea"));
    }
}
