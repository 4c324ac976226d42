package dev.vela.spring;

import dev.vela.Vela;
import dev.vela.VelaListener;
import org.apache.pulsar.client.api.PulsarClient;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * Supervises the producers of every client bean of an application with Spring Boot 3.5 or 4.0: see
 * {@link VelaProperties}. Knows nothing of Spring for Apache Pulsar, whose templates and factories create their
 * producers from such a bean.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.pulsar.PulsarAutoConfiguration", // Boot 3
            "org.springframework.boot.pulsar.autoconfigure.PulsarAutoConfiguration" // Boot 4
        })
@ConditionalOnClass(PulsarClient.class)
@ConditionalOnBooleanProperty(name = "vela.enabled", matchIfMissing = true)
@EnableConfigurationProperties(VelaProperties.class)
@ImportRuntimeHints(VelaRuntimeHints.class)
@Import({Boot3Health.class, Boot4Health.class})
public class VelaAutoConfiguration {

    @Bean
    static SupervisingPostProcessor velaSupervisingPostProcessor(ConfigurableListableBeanFactory beans) {
        return new SupervisingPostProcessor(beans);
    }

    @Bean
    ContextEvents velaContextEvents(ApplicationEventPublisher publisher, ObjectProvider<VelaListener> listeners) {
        return new ContextEvents(publisher, listeners);
    }

    @Bean
    VelaRuntimes velaRuntimes(
            VelaProperties properties,
            ObjectProvider<VelaBuilderCustomizer> builderCustomizers,
            ObjectProvider<SupervisedProducerCustomizer> producerCustomizers,
            ContextEvents events,
            Environment environment) {
        return new VelaRuntimes(properties, builderCustomizers, producerCustomizers, events, environment);
    }

    @Bean
    VelaLifecycle velaLifecycle(VelaRuntimes runtimes, ApplicationContext context) {
        return new VelaLifecycle(runtimes, context);
    }

    /** The runtime of the only client, or of the primary one. The runtimes' lifecycle closes it. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    @ConditionalOnSingleCandidate(PulsarClient.class)
    @Nullable
    Vela vela(PulsarClient client, VelaRuntimes runtimes) {
        return runtimes.of(client);
    }

    /** The endpoint {@code vela}. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
    static class EndpointConfiguration {

        @Bean
        @ConditionalOnAvailableEndpoint
        @ConditionalOnMissingBean
        VelaEndpoint velaEndpoint(VelaRuntimes runtimes) {
            return new VelaEndpoint(runtimes);
        }
    }
}
