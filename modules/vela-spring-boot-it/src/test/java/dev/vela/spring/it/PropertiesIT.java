package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.spring.SupervisedProducerCustomizer;
import dev.vela.spring.VelaBuilderCustomizer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.BatchMessageIdImpl;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.pulsar.PulsarException;
import org.springframework.pulsar.core.PulsarTemplate;

/** Each property changes what it says. */
class PropertiesIT {

    @Test
    @Tag("full")
    void aDisabledStarterLeavesEverythingAsItIs() throws Exception {
        try (Application application = Application.run("vela.enabled=false")) {
            assertThat(Vela.isSupervised(application.context.getBean(PulsarClient.class)))
                    .isFalse();
            assertThat(application.context.getBeansOfType(Vela.class)).isEmpty();
            assertThat(application.get("/actuator/vela").statusCode()).isEqualTo(404);
        }
    }

    @Test
    @Tag("full")
    void withoutSupervisionThereIsARuntimeForTheApplicationsOwnProducers() throws Exception {
        String topic = Broker.freshTopic("own");
        try (Application application = Application.run("vela.supervise=false", "vela.await-ready=1m")) {
            assertThat(Vela.isSupervised(application.context.getBean(PulsarClient.class)))
                    .isFalse();
            SupervisedProducer<String> own =
                    application.vela().newProducer(Schema.STRING).topic(topic).start();
            own.send("mine");
            assertThat(application
                            .json("/actuator/vela")
                            .at("/producers/0/name")
                            .asText())
                    .isEqualTo(topic);
        }
        assertThat(Broker.values(topic, 1)).containsExactly("mine");
    }

    @Test
    void producersAndTheirNamesAreWhatThePropertiesSay() throws Exception {
        String topic = Broker.freshTopic("names");
        try (Application application = Application.run("vela.producers=3", "vela.stable-names=true")) {
            application.<String>template().send(topic, "order");

            assertThat(application.vela().find(topic).orElseThrow().producers())
                    .extracting("name")
                    .containsExactlyInAnyOrder(topic, topic + "-1", topic + "-2");
        }
    }

    @Test
    @Tag("full")
    void namesAreFreshByDefault() throws Exception {
        String topic = Broker.freshTopic("fresh");
        try (Application application = Application.run()) {
            application.<String>template().send(topic, "order");

            List<String> names = application.vela().find(topic).orElseThrow().producers().stream()
                    .map(producer -> producer.name())
                    .toList();
            assertThat(names).hasSize(1);
            assertThat(names.get(0)).matches(topic + "-[0-9a-f]{8}");
        }
    }

    @Test
    void batchingIsLimitedWhereItIsOn() throws Exception {
        String topic = Broker.freshTopic("batches");
        String unbatched = Broker.freshTopic("unbatched");
        try (Application application = Application.run(
                "vela.batching.max-messages=2",
                "vela.batching.flush=at-interval",
                "vela.batching.flush-interval=10s",
                "vela.batching.max-bytes=64KB")) {
            PulsarTemplate<String> template = application.template();
            template.sendAsync(topic, "1");
            template.send(topic, "2");
            template.newMessage("alone")
                    .withTopic(unbatched)
                    .withProducerCustomizer(builder -> builder.enableBatching(false))
                    .send();
        }
        List<Message<String>> batched = Broker.read(topic, 2);
        assertThat(batched).extracting(Message::getValue).containsExactly("1", "2");
        assertThat(batched)
                .allSatisfy(message -> assertThat(((BatchMessageIdImpl) batchId(message)).getBatchSize())
                        .isEqualTo(2));
        assertThat(batchId(Broker.read(unbatched, 1).get(0)).getBatchIndex()).isEqualTo(-1);
    }

    private static MessageIdAdv batchId(Message<String> message) {
        return (MessageIdAdv) message.getMessageId();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vela.max-pending-messages=1", "vela.max-pending-bytes=1B"})
    @Tag("full")
    void theBudgetOfTheRuntimeIsWhatThePropertiesSay(String budget) throws Exception {
        String topic = Broker.freshTopic("budget");
        try (Application application = Application.run(budget)) {
            PulsarTemplate<String> template = application.template();
            template.send(topic, "first");
            Broker.pulsar().freeze();
            try {
                template.sendAsync(topic, "second");
                assertThatThrownBy(() -> template.send(topic, "third"))
                        .isInstanceOf(PulsarException.class)
                        .hasRootCauseInstanceOf(PulsarClientException.class)
                        .hasStackTraceContaining("ProducerQueueIsFullError");
            } finally {
                Broker.pulsar().thaw();
            }
        }
        assertThat(Broker.values(topic, 2)).containsExactly("first", "second");
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {
        static final Map<String, String> SEEN = new ConcurrentHashMap<>();

        @Bean
        SupervisedProducerCustomizer twoForOrders() {
            return (topic, builder) -> {
                SEEN.put(topic, builder.getClass().getSimpleName());
                if (topic.contains("customized")) {
                    builder.producers(2);
                }
            };
        }

        @Bean
        VelaBuilderCustomizer small() {
            return (client, builder) -> {
                SEEN.put("client", client);
                builder.maxPendingMessages(1);
            };
        }
    }

    @Test
    void customizerBeansSayWhatPropertiesCannot() throws Exception {
        String customized = Broker.freshTopic("customized");
        String other = Broker.freshTopic("other");
        try (Application application = Application.run(Customizers.class, "vela.max-pending-messages=1000")) {
            PulsarTemplate<String> template = application.template();
            template.send(customized, "order");
            template.send(other, "order");

            assertThat(application.vela().find(customized).orElseThrow().producers())
                    .hasSize(2);
            assertThat(application.vela().find(other).orElseThrow().producers()).hasSize(1);
            assertThat(Customizers.SEEN).containsKeys(customized, other).containsEntry("client", "pulsarClient");
        }
    }

    @Test
    void aTemplateWithoutACacheUsesOneProducerForAllMessages() throws Exception {
        String topic = Broker.freshTopic("uncached");
        try (Application application = Application.run("spring.pulsar.producer.cache.enabled=false")) {
            PulsarTemplate<String> template = application.template();
            IntStream.range(0, 50).forEach(i -> template.send(topic, "order " + i));

            SupervisedProducer<?> producer = application.vela().find(topic).orElseThrow();
            assertThat(application.vela().producers()).hasSize(1);
            assertThat(producer.getStats().getTotalMsgsSent()).isEqualTo(50);
        }
        assertThat(Broker.values(topic, 50)).startsWith("order 0").endsWith("order 49");
    }

    @Test
    @Tag("full")
    void withoutTimeToLingerAClosedProducerIsStopped() throws Exception {
        String topic = Broker.freshTopic("closed");
        try (Application application =
                Application.run("spring.pulsar.producer.cache.enabled=false", "vela.linger=0s")) {
            application.<String>template().send(topic, "order");

            await().atMost(Duration.ofMinutes(1))
                    .until(() -> application.vela().find(topic).isEmpty());
        }
    }

    @Test
    @Tag("full")
    void anApplicationMayStartBeforeItsCluster() throws Exception {
        try (Application application = Application.run(
                "vela.wait-for-broker=false", "spring.pulsar.client.service-url=pulsar://127.0.0.1:1")) {
            var unused = application.<String>template().sendAsync("waiting", "order");

            assertThat(unused).isNotDone();
            assertThat(application
                            .json("/actuator/vela")
                            .at("/producers/0/state")
                            .asText())
                    .isEqualTo("STARTING");
            assertThat(application.json("/actuator/health").at("/status").asText())
                    .isEqualTo("UP");
        }
    }
}
