package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of the chapter on observing. */
@Tag("full")
class ObservingGuideIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void whatIsDownIsNamedWithItsCause(PulsarClient client, @Topic String topic) throws Exception {
        Queue<VelaEvent> events = new ConcurrentLinkedQueue<>();
        try (Vela vela = Vela.builder().client(client).listener(events::add).build()) {
            SupervisedProducer<String> orders =
                    vela.newProducer(Schema.STRING).topic(topic).start();
            orders.awaitReady(LONG);
            assertThat(trouble(vela.snapshot())).isEmpty();

            pulsar.terminate(topic);
            orders.sendAsync("too late");
            await().atMost(LONG).until(() -> orders.state() == HandleState.DOWN);

            assertThat(trouble(vela.snapshot())).singleElement().asString().contains("TERMINATED");
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(events).extracting(VelaEvent::type).contains(VelaEvent.Type.TERMINATED));
        }
    }

    private static List<String> trouble(Snapshot snapshot) {
        List<String> trouble = new ArrayList<>();
        for (Snapshot.Topic handle : snapshot.topics()) {
            for (Snapshot.Group group : handle.groups()) {
                for (Snapshot.Producer producer : group.producers()) {
                    if (producer.state() != ProducerState.READY) {
                        String cause =
                                producer.lastCause().map(Snapshot::causeText).orElse("no cause yet");
                        trouble.add(producer.name() + " " + producer.state() + ": " + cause);
                    }
                }
            }
        }
        return trouble;
    }
}
