package dev.vela.guide.documented;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.KeyHash;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The snippets of docs/migrating.md, but that for Spring. */
@Tag("full")
class MigratingDocumentIT {

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void aClientsProducersAreSupervised() throws Exception {
        String url = pulsar.serviceUrl();
        PulsarClient client =
                Vela.supervise(PulsarClient.builder().serviceUrl(url).build());
        Producer<Order> orders =
                client.newProducer(Schema.JSON(Order.class)).topic("orders").create(); // supervised

        assertThat(orders).isInstanceOf(SupervisedProducer.class);
        client.close();
    }

    private static Producer<Order> asBefore(Vela vela) throws PulsarClientException {
        Producer<Order> orders = vela.newProducer(Schema.JSON(Order.class))
                .topic("orders")
                .keyHash(KeyHash.JAVA_STRING) // places keys as the official client does by default
                .batching(Batching.defaults()) // on by default there, off by default here
                .blockIfQueueFull(false) // the official default
                .start();
        return orders;
    }

    @Test
    void aProducerWithTheOfficialDefaultsSends(Vela vela) throws Exception {
        Producer<Order> orders = asBefore(vela);

        assertThat(orders.sendAsync(new Order("ann", "tea")).join()).isNotNull();
    }
}
