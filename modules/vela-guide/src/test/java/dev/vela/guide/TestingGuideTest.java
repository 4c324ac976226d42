package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.HandleState;
import dev.vela.Outcome;
import dev.vela.test.MockSupervisedProducer;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

class TestingGuideTest {

    @Test
    void anUnknownOutcomeIsSetAside() {
        MockSupervisedProducer<String> producer = MockSupervisedProducer.of("orders", Schema.STRING);
        producer.failNext(Outcome.UNKNOWN);

        CompletableFuture<MessageId> answer = producer.sendAsync("tea");

        assertThat(answer.handle((id, failure) -> Outcome.of(failure)).join()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void messagesWaitForAProducerThatComesBack() {
        MockSupervisedProducer<String> producer = MockSupervisedProducer.of("orders", Schema.STRING);
        producer.state(HandleState.RESTARTING);

        CompletableFuture<MessageId> answer = producer.sendAsync("tea");
        assertThat(answer).isNotDone();

        producer.state(HandleState.READY);
        assertThat(answer).isCompleted();
    }
}
