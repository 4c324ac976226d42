package dev.vela.frameworks.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Outcome;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.nio.charset.StandardCharsets;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("full")
class CamelRecipeIT {
    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void aRoutePublishesAndSetsAsideWhatIsCertainlyNotStored(Vela vela, @Topic String topic) throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            CamelRecipe.addTo(camel, vela.supervisedClient(), topic);
            camel.start();
            ProducerTemplate orders = camel.createProducerTemplate();

            orders.sendBody("direct:orders", "tea");
            Terminated.terminate(pulsar, vela.find(topic).orElseThrow());
            orders.sendBody("direct:orders", "coffee");

            Exchange aside = camel.createConsumerTemplate().receive("seda:not-sent", 120_000);
            assertThat(aside).isNotNull();
            assertThat(aside.getMessage().getBody(String.class)).isEqualTo("coffee");
            assertThat(Outcome.of(aside.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)))
                    .isEqualTo(Outcome.NOT_SENT);
        }
        assertThat(pulsar.messages(topic, Schema.BYTES))
                .extracting(message -> new String(message.getValue(), StandardCharsets.UTF_8))
                .containsExactly("tea");
    }
}
