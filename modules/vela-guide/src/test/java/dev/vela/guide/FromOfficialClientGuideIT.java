package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.Batching;
import dev.vela.KeyHash;
import dev.vela.Outcome;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("full")
class FromOfficialClientGuideIT {
    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    static void supervised(String url, String topic) throws PulsarClientException {
        try (PulsarClient client =
                        Vela.supervise(PulsarClient.builder().serviceUrl(url).build());
                Producer<String> orders = client.newProducer(Schema.STRING)
                        .topic(topic)
                        .sendTimeout(2, TimeUnit.MINUTES)
                        .create()) {
            orders.send("tea");
        }
    }

    @Test
    void aSupervisedClientNeedsNoOtherChange(@Topic String topic) throws Exception {
        supervised(pulsar.serviceUrl(), topic);

        assertThat(pulsar.messages(topic, Schema.STRING)).hasSize(1);
    }

    @Test
    void itsFailuresTellAnOutcome(@Topic String topic) throws Exception {
        try (PulsarClient client = Vela.supervise(
                PulsarClient.builder().serviceUrl(pulsar.serviceUrl()).build())) {
            Producer<String> orders =
                    client.newProducer(Schema.STRING).topic(topic).create();
            orders.close();
            assertThatThrownBy(() -> orders.send("late"))
                    .isInstanceOf(PulsarClientException.AlreadyClosedException.class)
                    .matches(failure -> Outcome.of(failure) == Outcome.NOT_SENT);
        }
    }

    @Test
    void theBuilderKeepsKeysWhereTheyAre(PulsarClient yourClient, @Topic(partitions = 4) String topic)
            throws Exception {
        Vela vela = Vela.on(yourClient); // closing it leaves your client open
        SupervisedProducer<String> orders = vela.newProducer(Schema.STRING)
                .topic(topic)
                .keyHash(KeyHash.JAVA_STRING) // where the official client puts keys by default
                .batching(Batching.defaults()) // on by default there, off by default here
                .sendTimeout(Duration.ofMinutes(2))
                .start();
        orders.newMessage().key("ann").value("from Vela").send();
        vela.close();

        try (Producer<String> official =
                yourClient.newProducer(Schema.STRING).topic(topic).create()) {
            official.newMessage().key("ann").value("from the official client").send();
        }
        String partition = topic + "-partition-" + KeyHash.JAVA_STRING.partition("ann", 4);
        assertThat(pulsar.messages(partition, Schema.STRING)).hasSize(2);
    }
}
