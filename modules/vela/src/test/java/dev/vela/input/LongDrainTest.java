package dev.vela.input;

import static org.awaitility.Awaitility.await;

import dev.vela.SupervisedProducer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

class LongDrainTest {

    @Test
    void holdsNothingOnceAllIsAnswered() throws Exception {
        try (World world = new World()) {
            WeakReference<SupervisedProducer<String>> stopped = stopped(world);

            await().atMost(Duration.ofMinutes(1)).until(() -> {
                System.gc();
                return stopped.get() == null;
            });
        }
    }

    private static WeakReference<SupervisedProducer<String>> stopped(World world) throws PulsarClientException {
        SupervisedProducer<String> producer =
                world.vela.newProducerGroup(Schema.STRING).topic("short-lived").start();
        producer.stop(Duration.ofDays(36_500));
        return new WeakReference<>(producer);
    }
}
