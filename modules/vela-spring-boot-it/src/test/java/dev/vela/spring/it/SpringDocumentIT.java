package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.InFlightPolicy;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.opentelemetry.VelaTracing;
import dev.vela.spring.SupervisedProducerCustomizer;
import dev.vela.spring.VelaApplicationEvent;
import dev.vela.spring.VelaBuilderCustomizer;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SizeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.pulsar.core.PulsarClientBuilderCustomizer;

/** The snippets of docs/spring.md, and that for Spring of docs/migrating.md. */
class SpringDocumentIT {
    private static final Logger log = LoggerFactory.getLogger(SpringDocumentIT.class);

    @Configuration(proxyBeanMethods = false)
    static class Documented {
        @Bean
        OpenTelemetry openTelemetry() {
            return OpenTelemetry.noop();
        }

        @Bean
        PulsarClientBuilderCustomizer noMemoryLimit() {
            return builder -> builder.memoryLimit(0, SizeUnit.BYTES);
        }

        @Bean
        SupervisedProducerCustomizer ordersAreReplayed() {
            return (topic, builder) -> {
                if (topic.endsWith("/orders")) {
                    builder.inFlightPolicy(InFlightPolicy.REPLAY);
                }
            };
        }

        @Bean
        VelaBuilderCustomizer smallRuntime() {
            return (client, builder) -> builder.restartIntensity(10, Duration.ofMinutes(1));
        }

        @Bean
        VelaBuilderCustomizer traces(OpenTelemetry openTelemetry) {
            return (client, builder) -> builder.observer(VelaTracing.of(openTelemetry));
        }

        @EventListener
        void on(VelaApplicationEvent event) { // or VelaEvent, without the client's name
            log.info("{} {}", event.client(), event.event());
        }
    }

    @Test
    void theBeansOfTheGuideToTheStarterAreUsed() throws Exception {
        try (Log seen = new Log(SpringDocumentIT.class.getName());
                Application application = Application.run(Documented.class, "vela.max-pending-bytes=1GB")) {
            assertThat(application
                            .<String>template()
                            .sendAsync("orders-as-documented", "tea")
                            .join())
                    .isNotNull();

            assertThat(application.vela().snapshot().maxPendingBytes()).isEqualTo(1L << 30); // no limit of the client
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> seen.lines().stream().anyMatch(line -> line.startsWith("pulsarClient ")));
        }
    }

    record Order(String customer) {}

    @Configuration(proxyBeanMethods = false)
    static class Migrated {
        @Bean(destroyMethod = "close")
        Vela vela(PulsarClient client) {
            return Vela.on(client);
        }

        @Bean(destroyMethod = "close")
        SupervisedProducer<Order> orders(Vela vela) throws PulsarClientException {
            return vela.newProducer(Schema.JSON(Order.class)).topic("orders").start();
        }
    }

    @Test
    void withoutTheStarterARuntimeOfOnesOwnIsABean() {
        try (Application application = Application.run(Migrated.class, "vela.enabled=false")) {
            SupervisedProducer<?> orders = application.context.getBean(SupervisedProducer.class);

            await().atMost(Duration.ofMinutes(1)).until(() -> orders.state() == HandleState.READY);
        }
    }
}
