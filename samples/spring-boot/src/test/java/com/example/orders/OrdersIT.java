package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.local.LocalPulsar;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service with a real Pulsar, over real HTTP. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@DirtiesContext
@Tag("full") // In the build of Vela, it is one of the longer tests.
class OrdersIT {
    private static final LocalPulsar PULSAR = LocalPulsar.start();

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void local(DynamicPropertyRegistry properties) {
        properties.add("spring.pulsar.client.service-url", PULSAR::serviceUrl);
    }

    @Test
    void anAcceptedOrderIsOnTheTopic(@Autowired PulsarClient client) throws Exception {
        HttpResponse<String> answer = post("{\"customer\": \"ada\", \"item\": \"tea\", \"quantity\": 2}");

        assertThat(answer.statusCode()).isEqualTo(202);
        try (Consumer<Order> consumer = client.newConsumer(Schema.JSON(Order.class))
                .topic("orders")
                .subscriptionName("test")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe()) {
            Message<Order> message = consumer.receive(1, TimeUnit.MINUTES);
            assertThat(message.getKey()).isEqualTo("ada");
            assertThat(message.getValue().item()).isEqualTo("tea");
            assertThat(message.getValue().quantity()).isEqualTo(2);
            assertThat(answer.body())
                    .isEqualTo("{\"id\":\"" + message.getValue().id() + "\"}");
        }
        assertThat(get("/actuator/health")).contains("persistent://public/default/orders");
        assertThat(get("/actuator/prometheus")).contains("http_server_requests");
    }

    @Test
    void aBadOrderIsRefused() throws Exception {
        assertThat(post("{\"customer\": \"ada\", \"item\": \"tea\", \"quantity\": 0}")
                        .statusCode())
                .isEqualTo(400);
    }

    private HttpResponse<String> post(String order) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri("/orders"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(order))
                        .build(),
                BodyHandlers.ofString());
    }

    private String get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString())
                .body();
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }
}
