package dev.vela.frameworks.recipes;

import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.reactive.client.adapter.AdaptedReactivePulsarClientFactory;
import org.apache.pulsar.reactive.client.api.MessageSendResult;
import org.apache.pulsar.reactive.client.api.MessageSpec;
import org.apache.pulsar.reactive.client.api.ReactiveMessageSender;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class ReactiveClientRecipe {
    private final ReactiveMessageSender<String> orders;

    ReactiveClientRecipe(PulsarClient supervised, String topic) {
        this.orders = AdaptedReactivePulsarClientFactory.create(supervised)
                .messageSender(Schema.STRING)
                .topic(topic)
                .maxInflight(1_000)
                .cache(AdaptedReactivePulsarClientFactory.createCache()) // or each message creates a producer
                .build();
    }

    Mono<MessageId> place(String order) {
        return orders.sendOne(MessageSpec.of(order));
    }

    Flux<MessageSendResult<String>> placeAll(Flux<String> all) {
        return orders.sendMany(all.map(MessageSpec::of));
    }
}
