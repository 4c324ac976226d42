package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of docs/guide/04-batching.md. */
@Tag("full")
class BatchingGuideIT {
    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void messagesShareEntries(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> orders = vela.newProducer(Schema.STRING)
                .topic(topic)
                .batching(Batching.defaults())
                .start();

        LongAdder stored = new LongAdder();
        LongAdder failed = new LongAdder();
        for (int i = 0; i < 10_000; i++) {
            orders.sendAsync("tea " + i, (receipt, failure) -> (failure == null ? stored : failed).increment());
        }
        orders.flush();

        assertThat(stored.sum()).isEqualTo(10_000);
        assertThat(failed.sum()).isZero();
        assertThat(pulsar.messages(topic, Schema.STRING)).hasSize(10_000);
    }

    @Test
    void anEntryHasOneKey(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> orders = vela.newProducer(Schema.STRING)
                .topic(topic)
                .batching(Batching.defaults().withKeyBased())
                .start();

        for (int i = 0; i < 100; i++) {
            orders.newMessage().key("customer " + i % 3).value("tea " + i).sendAsync();
        }
        orders.flush();

        List<Message<String>> messages = pulsar.messages(topic, Schema.STRING);
        assertThat(messages).hasSize(100);
        assertThat(messages.stream()
                        .collect(Collectors.groupingBy(
                                BatchingGuideIT::entry, Collectors.mapping(Message::getKey, Collectors.toSet())))
                        .values())
                .allSatisfy(keys -> assertThat(keys).hasSize(1))
                .hasSizeLessThan(100);
    }

    private static List<Long> entry(Message<?> message) {
        MessageIdAdv id = (MessageIdAdv) message.getMessageId();
        return List.of(id.getLedgerId(), id.getEntryId());
    }
}
