package dev.vela.frameworks.recipes;

import dev.vela.Outcome;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;

final class CamelRecipe extends RouteBuilder {
    private final String topic;

    CamelRecipe(String topic) {
        this.topic = topic;
    }

    static void addTo(CamelContext camel, PulsarClient supervised, String topic) throws Exception {
        camel.getRegistry().bind("pulsarClient", PulsarClient.class, supervised);
        camel.addRoutes(new CamelRecipe(topic));
    }

    @Override
    public void configure() {
        onException(PulsarClientException.class)
                .onWhen(CamelRecipe::isNotSent)
                .handled(true)
                .to("seda:not-sent"); // certainly not stored: safe to send again

        from("direct:orders").to("pulsar:" + topic);
    }

    private static boolean isNotSent(Exchange exchange) {
        return Outcome.of(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)) == Outcome.NOT_SENT;
    }
}
