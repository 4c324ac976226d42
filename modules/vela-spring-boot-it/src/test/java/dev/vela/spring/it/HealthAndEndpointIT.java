package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an operator sees over HTTP of producers that are well and of one that is down, and does about that. */
class HealthAndEndpointIT {
    private static Application application;

    @BeforeAll
    static void run() {
        application = Application.run();
    }

    @AfterAll
    static void close() {
        application.close();
    }

    @Test
    void aTerminatedTopicIsDownUntilItIsRestarted() throws Exception {
        // Given
        String well = Broker.freshTopic("well");
        String topic = Broker.freshTopic("terminated");
        application.<String>template().send(well, "order");
        application.<String>template().send(topic, "order");
        assertThat(health(topic).at("/status").asText()).isEqualTo("UP");
        assertThat(application.get("/actuator/health").statusCode()).isEqualTo(200);

        // When
        String since = health(topic).at("/details/since").asText();
        Broker.pulsar().admin().terminateTopic(topic);
        var lost = application.<String>template().sendAsync(topic, "too late");

        // Then
        await().atMost(Duration.ofMinutes(1))
                .until(() -> health(topic).at("/status").asText().equals("DOWN"));
        assertThat(lost).failsWithin(Duration.ofMinutes(1));
        JsonNode details = health(topic).at("/details");
        assertThat(details.at("/topic").asText()).isEqualTo(topic);
        assertThat(details.at("/state").asText()).isEqualTo("DOWN");
        assertThat(details.at("/lastCause").asText()).contains("TopicTerminatedException");
        assertThat(details.at("/since").asText()).isGreaterThan(since);
        assertThat(details.at("/producers/terminated").asInt()).isEqualTo(1);
        assertThat(health(well).at("/status").asText()).isEqualTo("UP");
        assertThat(application.get("/actuator/health").statusCode()).isEqualTo(503);
        assertThat(application.json("/actuator/health/liveness").at("/status").asText())
                .isEqualTo("UP");
        assertThat(one(topic).at("/producers/0/state").asText()).isEqualTo("DOWN");

        // When
        Broker.pulsar().admin().deleteTopic(topic, true);
        int status = application
                .post("/actuator/vela/" + path(topic), "{\"action\":\"restart\"}")
                .statusCode();

        // Then
        assertThat(status).isEqualTo(200);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> health(topic).at("/status").asText().equals("UP"));
        application.<String>template().send(topic, "again");
        assertThat(one(topic).at("/producers/0/state").asText()).isEqualTo("READY");
    }

    @Test
    void theEndpointTellsAllAndOne() throws Exception {
        String topic = Broker.freshTopic("parts");
        Broker.pulsar().admin().createPartitionedTopic(topic, 2);
        application.<String>template().send(topic, "order");

        JsonNode all = application.json("/actuator/vela");
        assertThat(all.at("/runtimes/pulsarClient/pendingMessages").asLong(-1)).isZero();
        assertThat(all.at("/producers"))
                .anyMatch(producer -> producer.at("/name").asText().equals(topic));

        JsonNode one = one(topic).at("/producers");
        assertThat(one).hasSize(1);
        assertThat(one.at("/0/runtime").asText()).isEqualTo("pulsarClient");
        assertThat(one.at("/0/topic").asText()).isEqualTo(topic);
        assertThat(one.at("/0/partitions").asInt()).isEqualTo(2);
        assertThat(one.at("/0/groups/1/topic").asText()).isEqualTo(topic + "-partition-1");
        assertThat(one.at("/0/groups/1/producers/0/state").asText()).isEqualTo("READY");
        assertThat(application.json(
                        "/actuator/vela/persistent://public/default/" + topic.substring(topic.lastIndexOf('/') + 1)))
                .isEqualTo(one(topic));
    }

    @Test
    void theEndpointRefusesWhatItDoesNotKnow() throws Exception {
        String topic = Broker.freshTopic("known");
        application.<String>template().send(topic, "order");

        assertThat(application.get("/actuator/vela/unknown").statusCode()).isEqualTo(404);
        assertThat(application
                        .post("/actuator/vela/unknown", "{\"action\":\"restart\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(application
                        .post("/actuator/vela/" + path(topic), "{\"action\":\"explode\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(application.post("/actuator/vela/" + path(topic), "{}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aProducerWithAnOfficialNameHasAPathAndReadOnlyAccessOnlyReads() throws Exception {
        String topic = Broker.freshTopic("official");
        String path = "/actuator/vela/orders%20on%20" + path(topic);
        try (Application readOnly =
                Application.run("spring.pulsar.producer.name=orders", "management.endpoint.vela.access=read-only")) {
            readOnly.<String>template().send(topic, "order");

            assertThat(readOnly.json(path).at("/producers/0/name").asText()).isEqualTo("orders on " + topic);
            assertThat(readOnly.post(path, "{\"action\":\"restart\"}").statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    @Tag("full")
    void aLostBrokerPutsAProducerOutOfServiceAfterTheGrace() throws Exception {
        try (Application impatient = Application.run("vela.health.grace=1s")) {
            String topic = Broker.freshTopic("lost");
            impatient.<String>template().send(topic, "order");
            Broker.pulsar().kill();
            try {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> status(impatient, topic).equals("OUT_OF_SERVICE"));
                assertThat(impatient
                                .json("/actuator/health/liveness")
                                .at("/status")
                                .asText())
                        .isEqualTo("UP");
            } finally {
                Broker.pulsar().restart();
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> status(impatient, topic).equals("UP"));
        }
    }

    @Test
    @Tag("full")
    void healthCanBeTurnedOff() throws Exception {
        try (Application silent = Application.run("management.health.vela.enabled=false")) {
            silent.<String>template().send(Broker.freshTopic("silent"), "order");

            assertThat(silent.json("/actuator/vela").at("/producers")).hasSize(1);
            assertThat(silent.json("/actuator/health").at("/components").fieldNames())
                    .toIterable()
                    .contains("ping")
                    .doesNotContain("vela");
        }
    }

    private static String status(Application of, String topic) throws Exception {
        return health(of, topic).at("/status").asText();
    }

    private static JsonNode health(String topic) throws Exception {
        return health(application, topic);
    }

    private static JsonNode health(Application of, String topic) throws Exception {
        return of.json("/actuator/health").at("/components/vela/components").path(topic);
    }

    private static JsonNode one(String topic) throws Exception {
        return application.json("/actuator/vela/" + path(topic));
    }

    /** A name as a path has it. */
    private static String path(String topic) {
        return topic.substring("persistent://".length());
    }
}
