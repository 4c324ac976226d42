package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalAdminIT {

    private static LocalPulsar pulsar;
    private static LocalAdmin admin;

    @BeforeAll
    static void start() {
        pulsar = LocalPulsar.start();
        admin = LocalAdmin.of(pulsar.adminUrl() + "/");
    }

    @AfterAll
    static void close() {
        pulsar.close();
    }

    @Test
    void createsAndDeletesATopic() {
        admin.createTopic("plain");

        assertThat(admin.partitions("persistent://public/default/plain")).isZero();
        assertThat(admin.stats("public/default/plain")).contains("msgInCounter");
        assertRefused(() -> admin.createTopic("plain"), 409);

        admin.deleteTopic("plain", false);

        assertRefused(() -> admin.stats("plain"), 404);
    }

    @Test
    void createsGrowsAndDeletesAPartitionedTopic() throws PulsarClientException {
        admin.createPartitionedTopic("grown", 2);
        admin.updatePartitions("grown", 5);

        assertThat(admin.partitions("grown")).isEqualTo(5);
        assertThat(admin.stats("grown")).contains("partitions");
        assertRefused(() -> admin.updatePartitions("grown", 4), 422);
        try (PulsarClient client = Clients.client(pulsar);
                Producer<String> producer = Clients.producer(client, "grown")) {
            producer.send("in use");
            assertThatThrownBy(() -> admin.deleteTopic("grown", false)).isInstanceOf(LocalAdminException.class);
            admin.deleteTopic("grown", true);
        }
        assertRefused(() -> admin.partitions("grown"), 404);
    }

    @Test
    void terminatesTopicsOfBothKinds() throws PulsarClientException {
        admin.createTopic("ended");
        admin.createPartitionedTopic("ended-partitions", 2);
        admin.createPartitionedTopic("one-ended", 2);

        admin.terminateTopic("ended");
        admin.terminateTopic("ended-partitions");
        admin.terminateTopic("one-ended-partition-1");

        try (PulsarClient client = Clients.client(pulsar);
                Producer<String> producer = Clients.producer(client, "one-ended-partition-0")) {
            assertThat(producer.send("open")).isNotNull();
            assertTerminated(client, "ended");
            assertTerminated(client, "ended-partitions-partition-1");
            assertTerminated(client, "one-ended-partition-1");
        }
    }

    private static void assertTerminated(PulsarClient client, String topic) {
        assertThatThrownBy(() -> Clients.producer(client, topic))
                .isInstanceOf(PulsarClientException.TopicTerminatedException.class);
    }

    @Test
    void unloadsATopicUnderItsProducer() throws PulsarClientException {
        admin.createTopic("unloaded");
        try (PulsarClient client = Clients.client(pulsar);
                Producer<String> producer = Clients.producer(client, "unloaded")) {
            producer.send("before");
            admin.unloadTopic("unloaded");

            assertThat(producer.send("after")).isNotNull();
        }
    }

    @Test
    void splitsAndUnloadsABundleUnderItsProducer() throws PulsarClientException {
        admin.createNamespace("bundles");
        String topic = "public/bundles/topic";
        admin.createTopic(topic);
        assertThat(admin.owner(topic)).isEqualTo(pulsar.adminUrl());
        try (PulsarClient client = Clients.client(pulsar);
                Producer<String> producer = Clients.producer(client, topic)) {
            producer.send("before");
            String whole = admin.bundleOf(topic);

            admin.splitBundle(topic);
            producer.send("after the split");
            String half = admin.bundleOf(topic);
            admin.unloadBundle(topic);
            producer.send("after the unload");

            assertThat(half).isNotEqualTo(whole);
            assertThat(admin.bundleOf(topic)).isEqualTo(half);
            assertThat(half).matches("0x[0-9a-f]{8}_0x[0-9a-f]{8}");
        }
    }

    @Test
    void deduplicatesInANamespace() throws PulsarClientException {
        admin.createNamespace("once");
        admin.setDeduplication("public/once", true);
        try (PulsarClient client = Clients.client(pulsar);
                Producer<String> producer = client.newProducer(Schema.STRING)
                        .topic("public/once/topic")
                        .producerName("fixed")
                        .create()) {
            producer.newMessage().sequenceId(7).value("first").send();

            assertThat(producer.newMessage().sequenceId(7).value("again").send().toString())
                    .startsWith("-1:-1");
        }
        assertRefused(() -> admin.createNamespace("once"), 409);
    }

    @Test
    void refusesIncompatibleSchemasInANamespace() throws PulsarClientException {
        admin.createNamespace("strict");
        admin.setSchemaCompatibility("strict", "ALWAYS_INCOMPATIBLE");
        try (PulsarClient client = Clients.client(pulsar);
                Producer<String> first = client.newProducer(Schema.JSON(String.class))
                        .topic("public/strict/topic")
                        .create()) {
            assertThat(first.isConnected()).isTrue();
            assertThatThrownBy(() -> client.newProducer(Schema.INT64)
                            .topic("public/strict/topic")
                            .create())
                    .isInstanceOf(PulsarClientException.IncompatibleSchemaException.class);
        }
    }

    private static void assertRefused(ThrowingCallable request, int status) {
        assertThatThrownBy(request).isInstanceOfSatisfying(LocalAdminException.class, refused -> {
            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.reason()).isNotBlank();
        });
    }
}
