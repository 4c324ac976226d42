package dev.vela.guide.documented;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Vela;
import dev.vela.micrometer.VelaMicrometer;
import dev.vela.opentelemetry.VelaTracing;
import dev.vela.test.LocalPulsarExtension;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The snippets of docs/observability.md. */
@Tag("full")
class ObservabilityDocumentIT {

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @RegisterExtension
    static final DocumentedAddress address = new DocumentedAddress(pulsar::serviceUrl);

    private static Vela metered(MeterRegistry registry) throws PulsarClientException {
        Vela vela = Vela.builder()
                .serviceUrl("pulsar://localhost:6650")
                .name("shop") // the tag "runtime"
                .metrics(VelaMicrometer.of(registry)) // any MeterRegistry of Micrometer
                .build();
        return vela;
    }

    @Test
    void metricsHaveTheRuntimesName() throws Exception {
        MeterRegistry registry = new SimpleMeterRegistry();
        try (Vela vela = metered(registry)) {
            send(vela);
            assertThat(registry.find("vela.messages").tag("runtime", "shop").meters())
                    .isNotEmpty();
        }
    }

    private static Vela traced(String serviceUrl, OpenTelemetry openTelemetry) throws PulsarClientException {
        Vela vela = Vela.builder()
                .serviceUrl(serviceUrl)
                .observer(VelaTracing.of(openTelemetry))
                .build();
        return vela;
    }

    @Test
    void aTracedRuntimeSends() throws Exception {
        try (Vela vela = traced(pulsar.serviceUrl(), OpenTelemetry.noop())) {
            send(vela);
        }
    }

    private static void send(Vela vela) throws PulsarClientException {
        assertThat(vela.newProducer(Schema.STRING)
                        .topic("observed")
                        .start()
                        .sendAsync("tea")
                        .join())
                .isNotNull();
    }
}
