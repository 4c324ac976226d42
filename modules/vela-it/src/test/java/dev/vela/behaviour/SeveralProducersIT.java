package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.ProducerGroup;
import dev.vela.Snapshot;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A group of three producers on one topic. */
class SeveralProducersIT {
    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshTopic("several");

    @Test
    void allProducersAreUsedAndBearTheNamesInTheSnapshot() throws Exception {
        ProducerGroup<String> group = startThree();

        for (int i = 0; i < 60; i++) {
            group.newMessage().key("key-" + i).value("v").sendAsync();
        }
        group.flush();

        assertThat(group.producers()).hasSize(3);
        assertThat(producerNames(Broker.read(topic, Schema.STRING, 60)))
                .containsExactlyInAnyOrderElementsOf(
                        group.producers().stream().map(Snapshot.Producer::name).toList());
    }

    @Test
    void eachKeyKeepsToOneProducerAndItsOrder() throws Exception {
        ProducerGroup<String> group = startThree();

        for (int i = 0; i < 200; i++) {
            group.newMessage().key("key-" + i % 10).value("v" + i).sendAsync();
        }
        group.flush();

        Map<String, List<Message<String>>> byKey =
                Broker.read(topic, Schema.STRING, 200).stream().collect(Collectors.groupingBy(Message::getKey));
        assertThat(byKey).hasSize(10);
        byKey.forEach((key, messages) -> {
            assertThat(producerNames(messages)).as(key).hasSize(1);
            int offset = Integer.parseInt(key.substring("key-".length()));
            assertThat(messages)
                    .extracting(Message::getValue)
                    .containsExactlyElementsOf(IntStream.range(0, 20)
                            .mapToObj(i -> "v" + (10 * i + offset))
                            .toList());
        });
    }

    @Test
    void eachOrderingKeyKeepsToOneProducer() throws Exception {
        ProducerGroup<String> group = startThree();

        for (int i = 0; i < 40; i++) {
            group.newMessage()
                    .orderingKey(("order-" + i % 4).getBytes(UTF_8))
                    .value("v" + i)
                    .sendAsync();
        }
        group.flush();

        Broker.read(topic, Schema.STRING, 40).stream()
                .collect(Collectors.groupingBy(message -> new String(message.getOrderingKey(), UTF_8)))
                .forEach((key, messages) ->
                        assertThat(producerNames(messages)).as(key).hasSize(1));
    }

    @Test
    void messagesOfOneThreadWithoutKeyKeepTheirOrder() throws Exception {
        ProducerGroup<String> group = startThree();

        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add("v" + i);
            group.sendAsync("v" + i);
        }
        group.flush();

        assertThat(Broker.read(topic, Schema.STRING, 100))
                .extracting(Message::getValue)
                .containsExactlyElementsOf(sent);
    }

    private ProducerGroup<String> startThree() throws PulsarClientException {
        ProducerGroup<String> group =
                vela.newProducerGroup(Schema.STRING).topic(topic).producers(3).start();
        group.awaitReady(Duration.ofMinutes(1));
        return group;
    }

    private static Set<String> producerNames(List<Message<String>> messages) {
        return messages.stream().map(Message::getProducerName).collect(Collectors.toSet());
    }
}
