package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Outcome;
import dev.vela.ProducerGroup;
import dev.vela.SendFailedException;
import dev.vela.Vela;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Threads that bear names of the application's, and yet must not block. */
class BusyThreadIT {
    /** The client tells interceptors of receipts on the thread that brings them, always. */
    @SuppressWarnings("rawtypes")
    private record OnReceipt(Runnable action) implements ProducerInterceptor {
        @Override
        public boolean eligible(Message message) {
            return true;
        }

        @Override
        public Message beforeSend(Producer producer, Message message) {
            return message;
        }

        @Override
        public void onSendAcknowledgement(
                Producer producer, Message message, @Nullable MessageId id, @Nullable Throwable failure) {
            action.run();
        }

        @Override
        public void close() {}
    }

    @Test
    void sendIsRefusedOnTheThreadThatBringsReceiptsWhateverItsName() throws Exception {
        String topic = Broker.freshTopic("busy");
        try (PulsarClient client = PulsarClient.builder()
                        .serviceUrl(Broker.url())
                        .ioThreads(1)
                        .build();
                Vela vela = new PatientVela(Vela.on(client))) {
            ProducerGroup<String> group =
                    vela.newProducerGroup(Schema.STRING).topic(topic).start();
            group.send("from a thread of the application's");
            CompletableFuture<MessageId> answer = new CompletableFuture<>();

            try (Producer<String> official = client.newProducer(Schema.STRING)
                    .topic(topic)
                    .intercept(new OnReceipt(() -> {
                        Thread.currentThread().setName("shop-io-1"); // as a factory of the application's would
                        try {
                            answer.complete(group.send("from the thread of the connection"));
                        } catch (PulsarClientException e) {
                            answer.completeExceptionally(e);
                        }
                    }))
                    .create()) {
                official.send("its receipt comes on the thread of the connection");
            }

            assertThat(answer)
                    .failsWithin(1, TimeUnit.MINUTES)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            SendFailedException.class,
                            failure -> assertThat(failure.outcome()).isEqualTo(Outcome.NOT_SENT))
                    .withMessageContaining("shop-io-1");
            group.send("the application's may still block");
        }
    }
}
