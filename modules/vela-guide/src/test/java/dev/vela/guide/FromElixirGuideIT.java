package dev.vela.guide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.AlreadyStartedException;
import dev.vela.Batching;
import dev.vela.ChildSpec;
import dev.vela.KeyHash;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.time.Duration;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("full")
class FromElixirGuideIT {
    private static final Duration AMPLE = Duration.ofMinutes(2);

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void aGroup(Vela vela, @Topic String topic) throws Exception {
        ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                .name("my-topic-producer")
                .topic(topic)
                .producers(3) // producer_count: 3
                .accessMode(ProducerAccessMode.Shared) // access_mode: :Shared
                .batching(Batching.defaults() // batch_enabled: true
                        .withMaxMessages(100) // batch_size: 100
                        .withFlushInterval(Duration.ofMillis(10)) // flush_interval: 10
                        .withFlush(Batching.Flush.AT_INTERVAL)) // an entry waits for the interval
                .restartIntensity(100, Duration.ofSeconds(60)) // the default of both
                .failFast(true) // no producer: fail at once
                .start();
        group.awaitReady(AMPLE);

        group.newMessage()
                .key("ann") // partition_key: "ann"
                .property("source", "shop") // properties: %{"source" => "shop"}
                .timeout(AMPLE) // timeout: 120_000
                .value("tea".getBytes(UTF_8))
                .send();

        assertThat(group.producers()).hasSize(3); // get_producers
        assertThat(pulsar.messages(topic, Schema.BYTES)).hasSize(1);
        assertThatThrownBy(() -> vela.newProducerGroup(Schema.BYTES)
                        .name("my-topic-producer")
                        .topic(topic)
                        .start())
                .isInstanceOf(AlreadyStartedException.class);
    }

    @Test
    void aPartitionedProducer(Vela vela, @Topic(partitions = 3) String topic) throws Exception {
        PartitionedProducer<String> orders = vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .partitions(3) // given, as there; without it: looked up
                .start();
        orders.newMessage().key("ann").value("tea").timeout(AMPLE).send();

        assertThat(orders.partitionGroups()).hasSize(3); // get_partition_groups
        int partition = KeyHash.PHASH2.partition("ann", 3); // :erlang.phash2("ann", 3)
        assertThat(pulsar.messages(topic + "-partition-" + partition, Schema.STRING))
                .hasSize(1);
    }

    @Test
    void aChildSpecification(Vela vela, @Topic String topic) throws Exception {
        ChildSpec spec =
                vela.newProducerGroup(Schema.STRING).name("orders").topic(topic).childSpec();
        vela.startAsync(spec).join();
        SupervisedProducer<String> orders = vela.get("orders", Schema.STRING);
        orders.newMessage().value("tea").timeout(AMPLE).send();
        vela.stopAsync("orders", Duration.ofSeconds(10)).join();

        assertThat(vela.find("orders")).isEmpty();
    }
}
