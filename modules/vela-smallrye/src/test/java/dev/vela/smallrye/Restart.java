package dev.vela.smallrye;

import dev.vela.SupervisedProducer;
import io.smallrye.reactive.messaging.pulsar.PulsarClientService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

@ApplicationScoped
public class Restart {
    @Inject
    PulsarClientService service;

    public void restart() {
        SupervisedProducer<String> producer = (SupervisedProducer<String>) service.<String>getProducer("orders");
        producer.restart();
    }
}
