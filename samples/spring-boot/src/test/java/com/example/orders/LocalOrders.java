package com.example.orders;

import dev.vela.local.LocalPulsar;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;

/** Runs the service with a Pulsar of its own, which ends with it: {@code mvn spring-boot:test-run}. */
public final class LocalOrders {
    private LocalOrders() {}

    public static void main(String[] args) {
        LocalPulsar pulsar = LocalPulsar.start();
        SpringApplication application = new SpringApplication(OrdersApplication.class, BrokerEndpoint.class);
        application.addInitializers(context -> context.getBeanFactory().registerSingleton("localPulsar", pulsar));
        Stream<String> local = Stream.of(
                "--spring.pulsar.client.service-url=" + pulsar.serviceUrl(),
                "--management.endpoints.web.exposure.include=health,prometheus,vela,broker");
        application.run(Stream.concat(local, Stream.of(args)).toArray(String[]::new));
    }
}
