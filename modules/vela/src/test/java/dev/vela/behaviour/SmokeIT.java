package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

class SmokeIT {
    @Test
    void sends() throws Exception {
        String topic = Broker.freshTopic("smoke");
        try (Vela vela = Vela.connect(Broker.url())) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .producers(3)
                    .start();
            MessageId id = group.newMessage().key("k").value("v").send();
            System.out.println(id + " " + group.snapshot());
            List<CompletableFuture<MessageId>> all = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                all.add(group.newMessage().key("k" + i % 100).value("v" + i).sendAsync());
            }
            group.flush();
            assertThat(all).allMatch(CompletableFuture::isDone);
            System.out.println(vela.snapshot());
        }
        assertThat(Broker.readAll(topic, Schema.STRING, Duration.ofSeconds(1))).hasSize(10_001);
    }

    @Test
    void sendsToPartitions() throws Exception {
        String topic = Broker.freshPartitionedTopic("smoke", 4);
        try (Vela vela = Vela.connect(Broker.url())) {
            SupervisedProducer<String> producer =
                    vela.newProducer(Schema.STRING).topic(topic).start();
            assertThat(producer).isInstanceOf(PartitionedProducer.class);
            producer.awaitReady(Duration.ofSeconds(10));
            for (int i = 0; i < 100; i++) {
                producer.send("v" + i);
            }
            System.out.println(vela.snapshot());
        }
        assertThat(Broker.readAll(topic, Schema.STRING, Duration.ofSeconds(1))).hasSize(100);
    }
}
