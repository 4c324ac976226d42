package com.example;

import dev.vela.Outcome;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

public final class Orders {
    private final SupervisedProducer<String> producer;

    public Orders(SupervisedProducer<String> producer) {
        this.producer = producer;
    }

    public enum Result {
        PLACED,
        REFUSED,
        UNKNOWN
    }

    public Result place(String customer, String order) {
        try {
            producer.newMessage().key(customer).value(order).send();
            return Result.PLACED;
        } catch (PulsarClientException e) {
            return Outcome.of(e) == Outcome.NOT_SENT ? Result.REFUSED : Result.UNKNOWN;
        }
    }

    public static void main(String[] args) throws Exception {
        try (Vela vela = Vela.connect(args[0])) {
            Orders orders =
                    new Orders(vela.newProducer(Schema.STRING).topic("orders").start());
            for (int i = 0; i < 600; i++) {
                System.out.println("tea " + i + ": " + orders.place("ann", "tea " + i));
                Thread.sleep(1000);
            }
        }
    }
}
