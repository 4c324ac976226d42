package dev.vela.internal.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** A snapshot tells since when a handle has been in its state. */
class SinceTest {

    @Test
    void theTimeStaysWhileTheStateStaysAndIsLaterInTheNextState() throws PulsarClientException {
        try (Vela vela = Vela.connect("pulsar://127.0.0.1:1")) {
            SupervisedProducer<String> group =
                    vela.newProducerGroup(Schema.STRING).topic("orders").start();
            SupervisedProducer<String> partitioned = vela.newPartitionedProducer(Schema.STRING)
                    .topic("shipments")
                    .partitions(3)
                    .start();

            for (SupervisedProducer<String> handle : List.of(group, partitioned)) {
                Snapshot.Topic first = handle.snapshot();
                assertThatThrownBy(() -> handle.awaitUsable(Duration.ofMillis(100)))
                        .isInstanceOf(NoProducersAvailableException.class);
                Snapshot.Topic later = handle.snapshot();
                handle.stop(Duration.ZERO);
                Instant after = Instant.now();
                Snapshot.Topic stopped = handle.snapshot(); // long after, in effect: nobody has asked in between

                assertThat(first.state()).isEqualTo(HandleState.STARTING);
                assertThat(later.since()).isEqualTo(first.since());
                assertThat(stopped.state()).isEqualTo(HandleState.STOPPED);
                assertThat(stopped.since()).isAfter(first.since()).isBeforeOrEqualTo(after);
                assertThat(handle.snapshot().since()).isEqualTo(stopped.since());
            }
        }
    }
}
