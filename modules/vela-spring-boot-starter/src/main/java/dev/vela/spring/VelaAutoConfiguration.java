package dev.vela.spring;

import dev.vela.Vela;
import dev.vela.VelaListener;
import dev.vela.micrometer.VelaMicrometer;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.pulsar.client.api.PulsarClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * Supervises the producers of every client bean of an application with Spring Boot 3.5 or 4.0: see
 * {@link VelaProperties}. Knows nothing of Spring for Apache Pulsar, whose templates and factories create their
 * producers from such a bean.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.pulsar.PulsarAutoConfiguration", // Boot 3
            "org.springframework.boot.pulsar.autoconfigure.PulsarAutoConfiguration", // Boot 4
            "org.apache.pulsar.spring.boot.autoconfigure.PulsarAutoConfiguration" // its successor
        })
@ConditionalOnClass(PulsarClient.class)
@ConditionalOnBooleanProperty(name = "vela.enabled", matchIfMissing = true)
@EnableConfigurationProperties(VelaProperties.class)
@ImportRuntimeHints(VelaRuntimeHints.class)
@Import({Boot3Health.class, Boot4Health.class})
public class VelaAutoConfiguration {

    @Bean
    static SupervisingPostProcessor velaSupervisingPostProcessor(DefaultListableBeanFactory beans) {
        return new SupervisingPostProcessor(beans);
    }

    @Bean
    ContextEvents velaContextEvents(
            ApplicationEventPublisher publisher,
            ObjectProvider<VelaListener> listeners,
            DefaultListableBeanFactory beans) {
        return new ContextEvents(publisher, listeners, beans);
    }

    @Bean
    VelaRuntimes velaRuntimes(
            VelaProperties properties,
            ObjectProvider<VelaBuilderCustomizer> builderCustomizers,
            ObjectProvider<SupervisedProducerCustomizer> producerCustomizers,
            ObjectProvider<MetricsOfRuntimes> metrics,
            ContextEvents events,
            Environment environment) {
        return new VelaRuntimes(
                properties,
                new RuntimeFactory(properties, builderCustomizers, producerCustomizers, metrics, environment),
                events);
    }

    @Bean
    VelaLifecycle velaLifecycle(
            VelaRuntimes runtimes, VelaProperties properties, ConfigurableApplicationContext context) {
        return new VelaLifecycle(runtimes, properties, context);
    }

    /** The runtime of the only client, or of the primary one, which exists from then on. It is closed with its client. */
    @Bean(destroyMethod = "")
    @Lazy
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @ConditionalOnSingleCandidate(value = PulsarClient.class, search = SearchStrategy.CURRENT)
    Vela vela(AutowireCapableBeanFactory beans, VelaRuntimes runtimes) {
        return runtimes.of(beans.resolveNamedBean(PulsarClient.class).getBeanName());
    }

    /** The metrics, where Micrometer is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({MeterRegistry.class, VelaMicrometer.class})
    @ConditionalOnBooleanProperty(name = "vela.metrics.enabled", matchIfMissing = true)
    static class MetricsConfiguration {

        @Bean
        MetricsOfRuntimes velaMetricsOfRuntimes(ObjectProvider<MeterRegistry> registries, VelaProperties properties) {
            return () -> new RegistryMetrics(registries, properties.metrics().partitions());
        }
    }

    /** The endpoints {@code vela} and {@code velaview}. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    static class EndpointConfiguration {

        @Bean
        @ConditionalOnAvailableEndpoint
        @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
        VelaEndpoint velaEndpoint(VelaRuntimes runtimes) {
            return new VelaEndpoint(runtimes);
        }

        @Bean
        @ConditionalOnAvailableEndpoint
        @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
        VelaViewEndpoint velaViewEndpoint(
                VelaRuntimes runtimes, Environment environment, ObjectProvider<EndpointAccessResolver> access) {
            EndpointAccessResolver resolver = access.getIfAvailable();
            return new VelaViewEndpoint(
                    runtimes,
                    environment.getProperty("spring.application.name", "the application"),
                    resolver == null
                            || resolver.accessFor(EndpointId.of(VelaViewEndpoint.ID), Access.UNRESTRICTED)
                                    == Access.UNRESTRICTED);
        }
    }
}
