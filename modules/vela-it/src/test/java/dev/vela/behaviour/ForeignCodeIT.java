package dev.vela.behaviour;

import static dev.vela.VelaEvent.Type.READY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.MessageRejectedException;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.junit.jupiter.api.Test;

/**
 * The application's own code, which may throw what it does not declare: Kotlin, Scala and Groovy know no checked
 * exceptions.
 */
class ForeignCodeIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    private final String topic = Broker.freshTopic("foreign");

    @SuppressWarnings("unchecked") // the point of it
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static void throwIoException() {
        ForeignCodeIT.<RuntimeException>sneak(new IOException("of the application's"));
    }

    /** Encodes nothing. */
    private static final class Broken implements Schema<String> {
        @Override
        public byte[] encode(String value) {
            throwIoException();
            return new byte[0];
        }

        @Override
        public SchemaInfo getSchemaInfo() {
            return Schema.STRING.getSchemaInfo();
        }

        @Override
        public Schema<String> clone() {
            return this;
        }
    }

    /** Lets through what is not poison. */
    private static final class Interceptor implements ProducerInterceptor {
        @Override
        public boolean eligible(@SuppressWarnings("rawtypes") Message message) {
            return true;
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Message beforeSend(Producer producer, Message message) {
            if (message.getData().length == "poison".length()) {
                throwIoException();
            }
            return message;
        }

        @Override
        @SuppressWarnings("rawtypes")
        public void onSendAcknowledgement(Producer producer, Message message, MessageId id, Throwable failure) {}

        @Override
        public void close() {}
    }

    @Test
    void customizerThatThrewACheckedExceptionIsCalledAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (Vela vela = Broker.vela()) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .customize(producer -> {
                        if (calls.incrementAndGet() <= 2) { // for its interceptors, and for its producer
                            throwIoException();
                        }
                    })
                    .start();

            group.awaitReady(SOON);

            assertThat(calls).hasValue(3);
            assertThat(group.snapshot().groups().get(0).producers().get(0).lastCause())
                    .containsInstanceOf(IOException.class);
        }
    }

    @Test
    void listenerThatThrewACheckedExceptionIsToldOfWhatComesLater() throws Exception {
        Journal journal = new Journal();
        AtomicInteger calls = new AtomicInteger();
        try (Vela vela = new PatientVela(Vela.builder()
                .client(Broker.client())
                .listener(event -> {
                    if (calls.incrementAndGet() == 1) {
                        throwIoException();
                    }
                    journal.onEvent(event);
                })
                .build())) {
            vela.newProducerGroup(Schema.STRING).topic(topic).start().awaitReady(SOON);

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(journal.of(topic))
                            .extracting(VelaEvent::type)
                            .contains(READY));
        }
    }

    @Test
    void schemaThatThrowsACheckedExceptionFailsTheMessageAlone() throws Exception {
        try (Vela vela = Broker.vela()) {
            ProducerGroup<String> group =
                    vela.newProducerGroup(new Broken()).topic(topic).start();

            assertThat(Answers.notSent(group.sendAsync("v"), MessageRejectedException.class))
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void interceptorThatThrowsACheckedExceptionHoldsNothingUp() throws Exception {
        try (Vela vela = Broker.vela()) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .customize(producer -> producer.intercept(new Interceptor()))
                    .start();

            Answers.receipt(
                    group.sendAsync("poison")); // as with the official client, which logs what interceptors throw
            group.send("v");
        }
    }
}
