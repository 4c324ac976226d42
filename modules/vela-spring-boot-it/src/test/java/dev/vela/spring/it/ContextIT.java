package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.Vela;
import dev.vela.spring.VelaAutoConfiguration;
import dev.vela.spring.VelaEndpoint;
import dev.vela.spring.VelaRuntimes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.apache.pulsar.client.impl.conf.ClientConfigurationData;
import org.apache.pulsar.common.util.netty.EventLoopUtil;
import org.apache.pulsar.shade.io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;

/** Contexts of all kinds, and the clients that they may have. Nothing here needs a broker, except for the last test. */
class ContextIT {
    private static final String[] ACTUATOR = {"org.springframework.boot.actuate", "org.springframework.boot.health"};

    /** A client with an event loop of its own takes two seconds to close. */
    private static final EventLoopGroup EVENT_LOOP = EventLoopUtil.newEventLoopGroup(1, false, task -> {
        Thread thread = new Thread(task, "event loop");
        thread.setDaemon(true);
        return thread;
    });

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(VelaAutoConfiguration.class));
    private final Log log = new Log("dev.vela.spring");

    @AfterEach
    void endLog() {
        log.close();
    }

    private static PulsarClient offline() throws PulsarClientException {
        ClientConfigurationData configuration = new ClientConfigurationData();
        configuration.setServiceUrl("pulsar://127.0.0.1:1");
        return new PulsarClientImpl(configuration, EVENT_LOOP);
    }

    /** A client that passes each call on, as those that meter or trace do. */
    private static PulsarClient decorate(PulsarClient client) {
        return proxy((method, arguments) -> method.invoke(client, arguments));
    }

    private interface Call {
        Object of(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static PulsarClient proxy(Call call) {
        return (PulsarClient) Proxy.newProxyInstance(
                ContextIT.class.getClassLoader(), new Class<?>[] {PulsarClient.class}, (proxy, method, arguments) -> {
                    try {
                        return call.of(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    // ---- what may be absent

    @Configuration(proxyBeanMethods = false)
    static class OneClient {
        @Bean
        PulsarClient client() throws PulsarClientException {
            return offline();
        }
    }

    @Test
    void withoutTheActuatorClientsAreSupervised() {
        runner.withUserConfiguration(OneClient.class)
                .withClassLoader(new FilteredClassLoader(ACTUATOR))
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(Vela.class).doesNotHaveBean("velaEndpoint");
                    assertThat(context).doesNotHaveBean("velaHealthContributor");
                    assertThat(Vela.isSupervised(context.getBean(PulsarClient.class)))
                            .isTrue();
                });
    }

    @Test
    void withTheActuatorThereAreHealthAndAnEndpoint() {
        runner.withUserConfiguration(OneClient.class)
                .withPropertyValues("management.endpoints.web.exposure.include=vela")
                .run(context ->
                        assertThat(context).hasSingleBean(VelaEndpoint.class).hasBean("velaHealthContributor"));
    }

    @Test
    void withoutSpringForPulsarClientsAreSupervised() {
        runner.withUserConfiguration(OneClient.class)
                .withClassLoader(new FilteredClassLoader("org.springframework.pulsar"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(Vela.isSupervised(context.getBean(PulsarClient.class)))
                            .isTrue();
                });
    }

    @Test
    void withoutAClientThereIsNoRuntime() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Vela.class));
    }

    // ---- clients that are made late, or that the starter must not touch

    @Configuration(proxyBeanMethods = false)
    static class LazyClient {
        @Bean
        @Lazy
        PulsarClient client() throws PulsarClientException {
            return offline();
        }
    }

    @Test
    void aLazyClientStaysLazy() {
        runner.withUserConfiguration(LazyClient.class).run(context -> {
            assertThat(context.getBeanFactory().containsSingleton("client")).isFalse();

            assertThat(context.getBean(Vela.class))
                    .isSameAs(context.getBean(VelaRuntimes.class).get("client"));
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class DeclaredAsClass {
        @Bean
        PulsarClientImpl client() throws PulsarClientException {
            return (PulsarClientImpl) offline();
        }

        @Bean
        List<PulsarClientImpl> user(PulsarClientImpl client) {
            return List.of(client);
        }
    }

    @Test
    void aClientDeclaredAsAClassStaysWhatItIs() {
        runner.withUserConfiguration(DeclaredAsClass.class).run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(Vela.class);
            assertThat(log.lines()).anyMatch(line -> line.contains("client bean client ") && line.contains("class"));
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Mocked {
        @Bean
        PulsarClient mock() {
            return proxy((method, arguments) -> method.getName().equals("toString") ? "a mock" : null);
        }
    }

    @Test
    void aMockIsLeftAloneAndThereIsNoRuntimeForIt() {
        runner.withUserConfiguration(Mocked.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(PulsarClient.class)).hasToString("a mock");
            assertThat(log.lines())
                    .containsExactly("The starter has no runtime for the client bean mock: its newProducer() returns"
                            + " null, not the official client's builder");
            assertThatThrownBy(() -> context.getBean(Vela.class))
                    .hasStackTraceContaining("no runtime for the client bean mock: its newProducer() returns null");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Unwilling {
        @Bean
        PulsarClient unwilling() {
            return proxy((method, arguments) -> {
                throw new IllegalStateException("not now");
            });
        }
    }

    @Test
    void aClientThatFailsIsLeftAlone() {
        runner.withUserConfiguration(Unwilling.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("unwilling: its newProducer() throws"));
        });
    }

    @Test
    void aRegisteredClientIsTold() throws PulsarClientException {
        PulsarClient client = offline();
        runner.withInitializer(context -> context.getBeanFactory().registerSingleton("registered", client))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(log.lines())
                            .hasSize(1)
                            .allMatch(line -> line.contains("client bean registered") && line.contains("as an object"));
                });
        client.close();
    }

    @Configuration(proxyBeanMethods = false)
    static class SupervisedByHand {
        @Bean
        PulsarClient client() throws PulsarClientException {
            return Vela.supervise(offline());
        }
    }

    @Test
    void aClientOfAnUnknownRuntimeIsTold() {
        runner.withUserConfiguration(SupervisedByHand.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(log.lines()).hasSize(1).allMatch(line -> line.contains("a runtime that is no bean"));
            assertThatThrownBy(() -> context.getBean(Vela.class))
                    .hasStackTraceContaining("no runtime for the client bean client");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnVela {
        @Bean(destroyMethod = "")
        Vela own() throws PulsarClientException {
            return Vela.connect("pulsar://127.0.0.1:1");
        }

        @Bean(destroyMethod = "")
        PulsarClient client(Vela own) {
            return own.supervisedClient();
        }
    }

    @Test
    void anOwnRuntimeIsKnownAndNeverClosed() throws PulsarClientException {
        Vela[] own = new Vela[1];
        runner.withUserConfiguration(OwnVela.class).run(context -> {
            own[0] = context.getBean(Vela.class);
            assertThat(context.getBean(VelaRuntimes.class).all()).containsOnlyKeys("own");
            assertThat(context.getBean(VelaRuntimes.class).get("client")).isSameAs(own[0]);
            assertThat(log.lines()).isEmpty();
        });

        assertThat(Velas.isClosed(own[0])).isFalse();
        own[0].close();
    }

    @Configuration(proxyBeanMethods = false)
    static class Wrapping {
        @Bean
        static BeanPostProcessor last() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof PulsarClient client ? decorate(client) : bean;
                }
            };
        }
    }

    @Test
    void aClientThatIsWrappedByOthersHasItsRuntime() {
        runner.withUserConfiguration(OneClient.class)
                .withConfiguration(AutoConfigurations.of(Wrapping.class))
                .run(context -> {
                    assertThat(Vela.isSupervised(context.getBean(PulsarClient.class)))
                            .isFalse();
                    assertThat(context.getBean(Vela.class).name()).isEqualTo("client");
                    assertThat(log.lines()).isEmpty();
                });
    }

    // ---- several clients, several contexts

    @Configuration(proxyBeanMethods = false)
    static class TwoClients {
        @Bean
        PulsarClient orders() throws PulsarClientException {
            return offline();
        }

        @Bean
        PulsarClient audit() throws PulsarClientException {
            return offline();
        }
    }

    @Test
    void theEndOfAClientEndsNoOthersRuntime() {
        runner.withUserConfiguration(TwoClients.class).run(context -> {
            VelaRuntimes runtimes = context.getBean(VelaRuntimes.class);
            Vela orders = runtimes.get("orders");
            Vela audit = runtimes.get("audit");

            ((DefaultListableBeanFactory) context.getBeanFactory()).destroySingleton("audit");

            assertThat(Velas.isClosed(audit)).isTrue();
            assertThat(Velas.isClosed(orders)).isFalse();
            assertThat(runtimes.all()).containsOnlyKeys("orders");
            context.getBean("audit");
            assertThat(runtimes.get("audit")).isNotSameAs(audit);
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Child {
        @Bean
        PulsarClient childClient() throws PulsarClientException {
            return offline();
        }
    }

    @Test
    void aParentAndAChildHaveRuntimesOfTheirOwn() {
        try (ConfigurableApplicationContext child = new SpringApplicationBuilder(
                        OneClient.class, VelaAutoConfiguration.class)
                .web(WebApplicationType.NONE)
                .child(Child.class, VelaAutoConfiguration.class)
                .web(WebApplicationType.NONE)
                .run()) {
            ConfigurableApplicationContext parent = (ConfigurableApplicationContext) child.getParent();
            try (parent) {
                assertThat(child.getBean(Vela.class).name()).isEqualTo("childClient");
                assertThat(parent.getBean(Vela.class).name()).isEqualTo("client");
                assertThat(child.getBean(VelaRuntimes.class).all()).containsOnlyKeys("childClient");
                assertThat(parent.getBean(VelaRuntimes.class).all()).containsOnlyKeys("client");
                Vela ofParent = parent.getBean(Vela.class);

                child.close();

                assertThat(Velas.isClosed(ofParent)).isFalse();
            }
        }
    }

    // ---- properties that have less effect than they say

    @Test
    void limitsOfOthersAreTold() {
        runner.withUserConfiguration(OneClient.class)
                .withPropertyValues(
                        "vela.max-pending-bytes=65MB",
                        "vela.drain-timeout=31s",
                        "spring.lifecycle.timeout-per-shutdown-phase=30s")
                .run(context -> assertThat(log.lines())
                        .hasSize(2)
                        .anyMatch(line -> line.startsWith("vela.max-pending-bytes is 68157440, ")
                                && line.contains("client bean client is 67108864"))
                        .anyMatch(line -> line.startsWith("vela.drain-timeout is PT31S, ")));
    }

    @Test
    void limitsThatHoldAreNotTold() {
        runner.withUserConfiguration(OneClient.class)
                .withPropertyValues("vela.max-pending-bytes=64MB", "vela.drain-timeout=30s")
                .run(context -> assertThat(log.lines()).isEmpty());
    }

    // ---- with a broker

    @Configuration(proxyBeanMethods = false)
    static class Metered {
        @Bean
        PulsarClient raw() throws PulsarClientException {
            return PulsarClient.builder()
                    .serviceUrl(Broker.pulsar().serviceUrl())
                    .build();
        }

        @Bean
        @Primary
        PulsarClient metered(@Qualifier("raw") PulsarClient raw) {
            return decorate(raw);
        }
    }

    @Test
    void aDecoratedClientIsSupervisedOnce() throws Exception {
        String topic = Broker.freshTopic("decorated");
        try (Application application = Application.run(Metered.class)) {
            application.<String>template().send(topic, "order");

            assertThat(application.context.getBean(VelaRuntimes.class).all()).containsOnlyKeys("raw");
            assertThat(application.vela().find(topic)).isPresent();
            assertThat(application.vela().name()).isEqualTo("raw");
        }
        assertThat(log.lines()).isEmpty();
        assertThat(Broker.values(topic, 1)).containsExactly("order");
    }
}
