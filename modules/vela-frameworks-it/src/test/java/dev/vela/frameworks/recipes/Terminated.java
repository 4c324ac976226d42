package dev.vela.frameworks.recipes;

import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.SupervisedProducer;
import dev.vela.test.LocalPulsarExtension;
import java.time.Duration;

/** A topic that takes nothing any more. */
final class Terminated {
    private Terminated() {}

    /** Returns when the producer knows it: a message that is in flight at that moment has an unknown outcome. */
    static void terminate(LocalPulsarExtension pulsar, SupervisedProducer<?> producer) {
        pulsar.terminate(producer.getTopic());
        producer.newMessage().sendAsync();
        await().atMost(Duration.ofMinutes(2)).until(() -> producer.state() == HandleState.DOWN);
    }
}
