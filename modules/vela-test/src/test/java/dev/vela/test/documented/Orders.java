package dev.vela.test.documented;

import dev.vela.Outcome;
import dev.vela.SupervisedProducer;
import org.apache.pulsar.client.api.PulsarClientException;

/** The code under test in docs/testing.md. */
final class Orders {
    private final SupervisedProducer<String> producer;

    Orders(SupervisedProducer<String> producer) {
        this.producer = producer;
    }

    enum Result {
        PLACED,
        REFUSED,
        UNKNOWN
    }

    Result place(String customer, String order) {
        try {
            producer.newMessage().key(customer).value(order).send();
            return Result.PLACED;
        } catch (PulsarClientException e) {
            return Outcome.of(e) == Outcome.NOT_SENT ? Result.REFUSED : Result.UNKNOWN;
        }
    }
}
