package dev.vela.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaListener;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.management.ObjectName;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.StandardEnvironment;

class VelaRuntimesTest {

    @Test
    void everyPropertyOfProducersReachesTheBuilder() {
        RuntimeFactory runtimes = factory(Map.of(
                "vela.producers", "3",
                "vela.in-flight-policy", "replay",
                "vela.stable-names", "true",
                "vela.disconnected-limit", "7s",
                "vela.restart-intensity.max-restarts", "5",
                "vela.restart-intensity.period", "9s"));

        assertThat(appliedBy(runtimes))
                .containsEntry("producers", "[3]")
                .containsEntry("inFlightPolicy", "[REPLAY]")
                .containsEntry("stableNames", "[true]")
                .containsEntry("maxDisconnectedTime", "[PT7S]")
                .containsEntry("restartIntensity", "[5, PT9S]")
                .containsKey("adjustBatching");
    }

    @Test
    void whatIsNotSaidStaysAsTheOfficialBuilderHasIt() {
        assertThat(appliedBy(factory(Map.of()))).doesNotContainKey("maxDisconnectedTime");
    }

    @Test
    void aRuntimeHasTheNameOfItsClient() throws PulsarClientException {
        VelaRuntimes runtimes = runtimes(Map.of());
        PulsarClient client =
                PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
        try (Vela own = Vela.on(client)) {
            PulsarClient bean = runtimes.adopt("orders", client, true);
            assertThat(runtimes.add("own", own)).isTrue();
            assertThat(runtimes.add("again", runtimes.get("orders"))).isFalse();

            assertThat(Vela.isSupervised(bean)).isTrue();
            assertThat(runtimes.all()).containsOnlyKeys("orders", "own");
            assertThat(runtimes.get("orders").name()).isEqualTo("orders");
            assertThat(runtimes.of("orders")).isSameAs(runtimes.get("orders"));
            assertThatThrownBy(() -> runtimes.get("other"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("client must be one of [orders, own], was \"other\"");
        } finally {
            runtimes.release("orders");
            client.shutdown();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePropertiesSayWhatToolsSeeAndMayDo(boolean allowed) throws Exception {
        VelaRuntimes runtimes = runtimes(Map.of("vela.jmx", "" + allowed, "vela.remote-restart", "" + allowed));
        String name = "tools-" + allowed;
        PulsarClient client =
                PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
        try {
            runtimes.adopt(name, client, true);

            ObjectName bean = new ObjectName("dev.vela:type=Vela,name=" + ObjectName.quote(name));
            assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(bean))
                    .isEqualTo(allowed);
            assertThat(runtimes.get(name).management().isRestartAllowed()).isEqualTo(allowed);
        } finally {
            runtimes.release(name);
            client.shutdown();
        }
    }

    @Test
    void aHandleThatWasStoppedMeanwhileIsNotRestarted() throws Exception {
        VelaRuntimes runtimes = runtimes(Map.of());
        PulsarClient client =
                PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
        try (Vela own = Vela.on(client)) {
            runtimes.add("own", own);
            var unused = own.newProducerGroup(Schema.BYTES).topic("orders").startAsync();
            VelaRuntimes.Handle handle = runtimes.handles().get(0);
            assertThat(handle.restart()).isTrue();

            handle.producer().stop(Duration.ZERO);

            assertThat(handle.restart()).isFalse();
        } finally {
            client.shutdown();
        }
    }

    /** The setters that the properties call, and their arguments. */
    private static Map<String, String> appliedBy(RuntimeFactory runtimes) {
        Map<String, String> calls = new TreeMap<>();
        SupervisedProducerBuilder<?, ?> builder = (SupervisedProducerBuilder<?, ?>) Proxy.newProxyInstance(
                VelaRuntimesTest.class.getClassLoader(),
                new Class<?>[] {SupervisedProducerBuilder.class},
                (proxy, method, arguments) -> {
                    calls.put(method.getName(), Arrays.toString(arguments));
                    return proxy;
                });
        runtimes.applyProperties("orders", builder);
        return calls;
    }

    static VelaRuntimes runtimes(Map<String, String> properties) {
        StaticListableBeanFactory none = new StaticListableBeanFactory();
        return new VelaRuntimes(
                bind(properties),
                factory(properties),
                new ContextEvents(
                        event -> {}, none.getBeanProvider(VelaListener.class), new DefaultSingletonBeanRegistry()));
    }

    private static RuntimeFactory factory(Map<String, String> properties) {
        StaticListableBeanFactory none = new StaticListableBeanFactory();
        return new RuntimeFactory(
                bind(properties),
                none.getBeanProvider(VelaBuilderCustomizer.class),
                none.getBeanProvider(SupervisedProducerCustomizer.class),
                none.getBeanProvider(MetricsOfRuntimes.class),
                new StandardEnvironment());
    }

    private static VelaProperties bind(Map<String, String> properties) {
        return new Binder(List.of(new MapConfigurationPropertySource(properties)))
                .bindOrCreate("vela", VelaProperties.class);
    }
}
