package dev.vela.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.VelaMXBean;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.ProducerImpl;
import org.apache.pulsar.client.impl.conf.ProducerConfigurationData;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

/** The hints cover what the library does; AotIT has the client of Spring. */
class VelaRuntimeHintsTest {
    private final RuntimeHints hints = new RuntimeHints();

    VelaRuntimeHintsTest() {
        new VelaRuntimeHints().registerHints(hints, null);
    }

    @Test
    void theProxiesAreKnown() throws PulsarClientException {
        PulsarClient client =
                PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
        try (Vela vela = Vela.on(client)) {
            Class<?>[] interfaces = vela.supervisedClient().getClass().getInterfaces();
            assertThat(RuntimeHintsPredicates.proxies().forInterfaces(interfaces))
                    .accepts(hints);
        } finally {
            client.shutdown();
        }
        assertThat(RuntimeHintsPredicates.proxies().forInterfaces(SupervisedProducer.class))
                .accepts(hints);
    }

    @Test
    void whatIsReadByReflectionIsKnown() throws ReflectiveOperationException {
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethod(PulsarClient.class.getMethod("newTransaction"))
                        .invoke())
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethod(VelaMXBean.class.getMethod("snapshotJson"))
                        .invoke())
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onField(ProducerConfigurationData.class.getDeclaredField("topicName")))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onField(ProducerImpl.class.getDeclaredField("topicEpoch")))
                .accepts(hints);
    }

    @Test
    void thePageIsKnown() {
        assertThat(RuntimeHintsPredicates.resource().forResource(ViewPage.RESOURCE))
                .accepts(hints);
    }
}
