package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pulsar.PulsarVersion;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.pulsar.annotation.PulsarListener;
import org.springframework.pulsar.core.CachingPulsarProducerFactory;
import org.springframework.pulsar.core.PulsarProducerFactory;
import org.springframework.pulsar.core.PulsarTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** An application written as the guide of Spring for Apache Pulsar has it gets the dependency, and nothing else. */
class DocumentedApplicationIT {

    @Configuration(proxyBeanMethods = false)
    static class Orders {
        static final Queue<String> RECEIVED = new ConcurrentLinkedQueue<>();

        @Bean
        OrderController controller(PulsarTemplate<String> template) {
            return new OrderController(template);
        }

        @Bean
        OrderListener listener() {
            return new OrderListener();
        }
    }

    @RestController
    static class OrderController {
        private final PulsarTemplate<String> template;

        OrderController(PulsarTemplate<String> template) {
            this.template = template;
        }

        @PostMapping("/orders")
        String order(@RequestBody String order) throws PulsarClientException {
            return template.send("documented", order).toString();
        }
    }

    static class OrderListener {
        @PulsarListener(
                subscriptionName = "orders",
                topics = "documented",
                properties = "subscriptionInitialPosition=Earliest")
        void listen(String order) {
            Orders.RECEIVED.add(order);
        }
    }

    @Test
    void publishesThroughSupervisedProducersAndIsTheSameElsewhere() throws Exception {
        Orders.RECEIVED.clear();
        try (Application application = Application.run(Orders.class)) {
            for (int i = 0; i < 20; i++) {
                assertThat(application.post("/orders", "order " + i).statusCode())
                        .isEqualTo(200);
            }

            await().atMost(Duration.ofMinutes(1)).until(() -> Orders.RECEIVED.size() >= 20);
            assertThat(Orders.RECEIVED).hasSize(20).startsWith("order 0").endsWith("order 19");

            Vela vela = application.vela();
            assertThat(vela.producers()).hasSize(1);
            SupervisedProducer<?> producer = vela.producers().get(0);
            assertThat(producer.name()).isEqualTo("persistent://public/default/documented");
            assertThat(producer.getStats().getTotalMsgsSent()).isEqualTo(20);
            assertThat(Vela.isSupervised(application.context.getBean(PulsarClient.class)))
                    .isTrue();
            assertThat(application.context.getBean(PulsarProducerFactory.class))
                    .isExactlyInstanceOf(CachingPulsarProducerFactory.class);
            JsonNode health = application.json("/actuator/health");
            assertThat(health.at("/status").asText()).isEqualTo("UP");
            assertThat(health.at("/components/vela/components/persistent:~1~1public~1default~1documented/status")
                            .asText())
                    .isEqualTo("UP");
            assertThat(application
                            .json("/actuator/vela")
                            .at("/producers/0/state")
                            .asText())
                    .isEqualTo("READY");
            assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("vela.test.boot"));
            assertThat(PulsarVersion.getVersion()).isEqualTo(System.getProperty("vela.test.client"));
        }
    }
}
