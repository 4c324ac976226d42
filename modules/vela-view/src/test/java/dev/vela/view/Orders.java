package dev.vela.view;

import dev.vela.Backoff;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

/**
 * An application with a runtime, in a JVM of its own: publishes to two topics for ever, to the second one alone, until a
 * rival fences it. Ends with its standard input.
 */
public final class Orders {

    private Orders() {}

    /** Arguments: service URL, a topic with any number of partitions, a topic to be alone at. */
    public static void main(String[] args) throws Exception {
        Vela vela = Vela.builder().serviceUrl(args[0]).name("shop").build();
        var orders =
                vela.newProducer(Schema.STRING).topic(args[1]).name("orders").start();
        ProducerGroup<String> alone = vela.newProducerGroup(Schema.STRING)
                .topic(args[2])
                .name("ledger")
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .backoff(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(1)))
                .start();
        orders.awaitReady(Duration.ofMinutes(1));
        alone.awaitReady(Duration.ofMinutes(1));
        Thread sender = new Thread(() -> {
            try {
                while (true) {
                    send(orders);
                    send(alone);
                    TimeUnit.MILLISECONDS.sleep(10);
                }
            } catch (InterruptedException e) {
                // Nobody does.
            }
        });
        sender.setDaemon(true);
        sender.start();
        System.out.println("ready");
        awaitEnd();
        Runtime.getRuntime().halt(0);
    }

    private static void send(Producer<String> to) {
        try {
            to.send("order");
        } catch (PulsarClientException e) {
            // The next one may be stored.
        }
    }

    private static void awaitEnd() throws IOException {
        while (System.in.read() >= 0) {
            // Nothing is expected.
        }
    }
}
