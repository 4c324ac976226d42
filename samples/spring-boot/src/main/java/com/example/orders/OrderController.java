package com.example.orders;

import dev.vela.Outcome;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.pulsar.PulsarException;
import org.springframework.pulsar.core.PulsarTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers when the fate of the order is known: 202 if it is stored, 503 if it is certainly not stored, 504 if it may be.
 */
@RestController
class OrderController {
    private final PulsarTemplate<Order> orders;

    OrderController(PulsarTemplate<Order> orders) {
        this.orders = orders;
    }

    /** What the customer gets for an order that is stored. */
    record Accepted(String id) {}

    @PostMapping("/orders")
    CompletableFuture<ResponseEntity<?>> publish(@RequestBody NewOrder request) {
        Order order = request.withId(UUID.randomUUID().toString());
        try {
            return orders.newMessage(order)
                    .withMessageCustomizer(message -> message.key(order.customer()))
                    .sendAsync()
                    .handle((messageId, failure) -> failure == null ? stored(order) : failed(order, failure));
        } catch (PulsarException e) {
            return CompletableFuture.completedFuture(notStored(order)); // no producer could be created
        }
    }

    private static ResponseEntity<?> failed(Order order, Throwable failure) {
        return Outcome.of(failure) == Outcome.NOT_SENT ? notStored(order) : maybeStored(order);
    }

    private static ResponseEntity<?> stored(Order order) {
        return ResponseEntity.accepted().body(new Accepted(order.id()));
    }

    private static ResponseEntity<?> notStored(Order order) {
        return problem(
                HttpStatus.SERVICE_UNAVAILABLE, "The order is not stored", "It is safe to send it again.", order);
    }

    private static ResponseEntity<?> maybeStored(Order order) {
        return problem(
                HttpStatus.GATEWAY_TIMEOUT, "The order may be stored", "If sent again, it may be stored twice.", order);
    }

    private static ResponseEntity<?> problem(HttpStatus status, String title, String detail, Order order) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setTitle(title);
        problem.setProperty("id", order.id());
        return ResponseEntity.of(problem).build();
    }
}
