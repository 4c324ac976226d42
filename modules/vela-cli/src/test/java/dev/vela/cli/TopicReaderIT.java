package dev.vela.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong on a topic is found there; the official producer makes it wrong. */
class TopicReaderIT {

    private static final String RUN = "run";
    private static final Map<String, String> PROPERTIES = Map.of("color", "red");
    private static final String KEY = "key";

    private static PulsarClient client;

    private final Reconciliation ledger = new Reconciliation();
    private TopicReader reader;
    private Producer<byte[]> producer;

    @BeforeAll
    static void connect() throws PulsarClientException {
        client = PulsarClient.builder().serviceUrl(SharedPulsar.url()).build();
    }

    @AfterAll
    static void disconnect() throws PulsarClientException {
        client.close();
    }

    @BeforeEach
    void readATopicWithSomethingOnIt() throws Exception {
        String topic = "read-" + System.nanoTime();
        SharedPulsar.get().createPartitionedTopic(topic, 2);
        producer = client.newProducer().topic(topic).enableBatching(false).create();
        store(RUN, 0, "stored before the run began");
        reader = TopicReader.subscribe(client, topic, RUN, PROPERTIES, ledger);
    }

    @AfterEach
    void close() throws PulsarClientException {
        reader.close();
        producer.close();
    }

    @Test
    void findsNothingWrongWhereNothingIs() throws Exception {
        store("another run", 0, "not ours");
        publish(0, 1, 2);

        assertThat(verdict(3).problems()).isEmpty();
    }

    @Test
    void findsWhatIsStoredTwice() throws Exception {
        publish(0, 1, 1);

        assertThat(verdict(2).problems()).containsExactly("1 duplicated");
    }

    @Test
    void findsWhatIsNotStored() throws Exception {
        publish(0, 2);

        assertThat(verdict(3).problems()).containsExactly("1 lost");
    }

    @Test
    void findsWhatIsStoredInAnotherOrder() throws Exception {
        publish(1, 0);

        assertThat(verdict(2).problems()).containsExactly("1 out of order");
    }

    @Test
    void findsAnotherPayloadAndAMissingProperty() throws Exception {
        publish(0);
        String digest = mark(RUN, 1, "payload 1");
        producer.newMessage()
                .key(KEY)
                .value("changed".getBytes(UTF_8))
                .properties(PROPERTIES)
                .property(Mark.PROPERTY, digest)
                .send();
        producer.newMessage()
                .key(KEY)
                .value("payload 2".getBytes(UTF_8))
                .property(Mark.PROPERTY, mark(RUN, 2, "payload 2"))
                .send();

        assertThat(verdict(3).problems()).containsExactly("2 lost", "2 altered");
    }

    @Test
    void takesNoDeliveryAgainForADuplicate() throws Exception {
        publish(0, 1);
        SharedPulsar.get().admin().unloadTopic(producer.getTopic());
        publish(2, 3);

        assertThat(verdict(4).problems()).isEmpty();
    }

    private Verdict verdict(int published) throws Exception {
        for (int i = 0; i < published; i++) {
            ledger.published(i);
        }
        reader.finish(Duration.ofMinutes(1));
        ledger.complete();
        return ledger.verdict();
    }

    private void publish(int... indexes) throws PulsarClientException {
        for (int index : indexes) {
            store(RUN, index, "payload " + index);
        }
    }

    private void store(String run, int index, String payload) throws PulsarClientException {
        producer.newMessage()
                .key(KEY)
                .value(payload.getBytes(UTF_8))
                .properties(PROPERTIES)
                .property(Mark.PROPERTY, mark(run, index, payload))
                .send();
    }

    private static String mark(String run, int index, String payload) {
        return new Mark(run, index, Digest.of(KEY, InputLine.NO_EVENT_TIME, payload.getBytes(UTF_8))).encoded();
    }
}
