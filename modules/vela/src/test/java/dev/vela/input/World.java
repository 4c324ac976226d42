package dev.vela.input;

import dev.vela.Batching;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

/**
 * A runtime with handles of each kind, and no broker: nothing that is refused for an argument needs one. A message
 * fails at once for want of a producer.
 */
final class World implements AutoCloseable {
    private static final PulsarClient CLIENT = client();

    final Vela vela = Vela.on(CLIENT);
    final ProducerGroup<String> group = started(vela.newProducerGroup(Schema.STRING), "group");
    private final ProducerGroup<String> batching =
            started(vela.newProducerGroup(Schema.STRING).batching(Batching.defaults()), "batching");
    final PartitionedProducer<String> partitioned =
            started(vela.newPartitionedProducer(Schema.STRING).partitions(2), "partitioned");

    private static PulsarClient client() {
        try {
            return PulsarClient.builder()
                    .serviceUrl("pulsar://127.0.0.1:1")
                    .operationTimeout(1, TimeUnit.SECONDS)
                    .build();
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <P extends SupervisedProducer<String>> P started(
            SupervisedProducerBuilder<String, P> builder, String topic) {
        try {
            return builder.topic(topic).failFast(true).start();
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e);
        }
    }

    static ProducerBuilder<String> officialBuilder() {
        return CLIENT.newProducer(Schema.STRING);
    }

    List<Vela> runtime() {
        return List.of(vela);
    }

    /** All handles are stopped, and the runtime goes on. */
    static World withStoppedHandles() {
        World world = new World();
        world.handles().forEach(handle -> handle.stopAsync(Duration.ZERO).join());
        return world;
    }

    /** The runtime is closed, and all that it had with it. */
    static World ofAClosedRuntime() {
        World world = new World();
        world.close();
        return world;
    }

    List<SupervisedProducer<String>> handles() {
        return List.of(group, batching, partitioned);
    }

    /** Messages under construction: of each handle, and one that is left to the official builder. */
    List<SupervisedMessageBuilder<String>> messages() {
        return List.of(
                group.newMessage(),
                batching.newMessage(),
                partitioned.newMessage(),
                group.newMessage().disableReplication());
    }

    List<SupervisedProducerBuilder<String, ?>> builders() {
        return List.of(
                vela.newProducer(Schema.STRING).topic("orders-partition-1"),
                vela.newProducerGroup(Schema.STRING).topic("other"),
                partitionedBuilder());
    }

    SupervisedProducerBuilder<String, ?> partitionedBuilder() {
        return vela.newPartitionedProducer(Schema.STRING).topic("third").partitions(1);
    }

    @Override
    public void close() {
        vela.closeAsync(Duration.ZERO).join();
    }
}
