package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vela.Vela;
import dev.vela.spring.VelaRuntimes;
import java.util.List;
import java.util.Map;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.pulsar.core.DefaultPulsarProducerFactory;
import org.springframework.pulsar.core.PulsarTemplate;

/** An application with two clusters has two clients, and a runtime for each. */
class TwoClientsIT {

    @Configuration(proxyBeanMethods = false)
    static class Clusters {
        @Bean
        @Primary
        PulsarClient orders() throws PulsarClientException {
            return PulsarClient.builder()
                    .serviceUrl(Broker.pulsar().serviceUrl())
                    .build();
        }

        @Bean
        PulsarClient audit() throws PulsarClientException {
            return PulsarClient.builder()
                    .serviceUrl(Broker.pulsar().serviceUrl())
                    .build();
        }

        @Bean
        PulsarTemplate<String> auditTemplate(@Qualifier("audit") PulsarClient audit) {
            return new PulsarTemplate<>(new DefaultPulsarProducerFactory<>(audit));
        }
    }

    @Test
    @SuppressWarnings("unchecked") // the template of the audit is one of strings
    void eachHasItsRuntimeByTheNameOfItsBean() throws Exception {
        String topic = Broker.freshTopic("two");
        try (Application application = Application.run(Clusters.class, "vela.linger=1m")) {
            PulsarTemplate<String> ordersTemplate = new PulsarTemplate<>(
                    new DefaultPulsarProducerFactory<>(application.context.getBean(PulsarClient.class)));
            PulsarTemplate<String> auditTemplate = application.context.getBean("auditTemplate", PulsarTemplate.class);
            ordersTemplate.send(topic, "order");
            auditTemplate.send(topic, "audited");

            Map<String, Vela> all =
                    application.context.getBean(VelaRuntimes.class).all();
            assertThat(all).containsOnlyKeys("orders", "audit");
            assertThat(all.values()).allMatch(vela -> vela.find(topic).isPresent());
            assertThat(application.vela()).isSameAs(all.get("orders"));

            JsonNode endpoint = application.json("/actuator/vela");
            assertThat(endpoint.at("/runtimes")).hasSize(2);
            assertThat(endpoint.at("/producers"))
                    .extracting(producer -> producer.at("/runtime").asText())
                    .containsExactlyInAnyOrder("orders", "audit");
            JsonNode health = application.json("/actuator/health").at("/components/vela/components");
            assertThat(health.path("orders/" + topic).at("/status").asText()).isEqualTo("UP");
            assertThat(health.path("audit/" + topic).at("/status").asText()).isEqualTo("UP");
            String path = topic.substring("persistent://".length());
            assertThat(application.json("/actuator/vela/" + path).at("/producers"))
                    .hasSize(2);
            for (String one : List.of("audit/" + path, "audit/" + topic)) {
                assertThat(application.json("/actuator/vela/" + one).at("/producers"))
                        .extracting(producer -> producer.at("/runtime").asText())
                        .containsExactly("audit");
            }
        }
        assertThat(Broker.values(topic, 2)).containsExactly("order", "audited");
    }

    @Configuration(proxyBeanMethods = false)
    static class LateCluster {
        @Bean
        @Primary
        PulsarClient orders() throws PulsarClientException {
            return PulsarClient.builder()
                    .serviceUrl(Broker.pulsar().serviceUrl())
                    .build();
        }

        @Bean
        @Lazy
        PulsarClient audit() throws PulsarClientException {
            return PulsarClient.builder()
                    .serviceUrl(Broker.pulsar().serviceUrl())
                    .build();
        }
    }

    @Test
    @Tag("full")
    void namesInHealthAreTheSameBeforeALateClientExists() throws Exception {
        String topic = Broker.freshTopic("late");
        try (Application application = Application.run(LateCluster.class)) {
            application.<String>template().send(topic, "order");
            JsonNode before = application.json("/actuator/health").at("/components/vela/components");
            application.context.getBean("audit");
            JsonNode after = application.json("/actuator/health").at("/components/vela/components");

            assertThat(before.fieldNames()).toIterable().containsExactly("orders/" + topic);
            assertThat(after.fieldNames()).toIterable().containsExactly("orders/" + topic);
        }
    }
}
