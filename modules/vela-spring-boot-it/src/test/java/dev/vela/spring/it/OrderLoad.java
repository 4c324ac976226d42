package dev.vela.spring.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Customers of the sample: each posts one order after the other, until the load is stopped or the service is gone. */
final class OrderLoad {
    static final int CUSTOMERS = 12;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Application service;
    private final List<Thread> customers = new ArrayList<>();
    private final Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean stopping;

    private OrderLoad(Application service) {
        this.service = service;
    }

    static OrderLoad start(Application service) {
        OrderLoad load = new OrderLoad(service);
        for (int i = 0; i < CUSTOMERS; i++) {
            String order = "{\"customer\":\"customer-" + i + "\",\"item\":\"tea\",\"quantity\":1}";
            Thread customer = new Thread(() -> load.post(order), "customer-" + i);
            load.customers.add(customer);
            customer.start();
        }
        return load;
    }

    private void post(String order) {
        try {
            while (!stopping) {
                waiting.incrementAndGet();
                answers.add(service.post("/orders", order));
                waiting.decrementAndGet();
            }
        } catch (IOException | InterruptedException e) {
            failures.add(e);
        }
    }

    /** How many orders were answered. */
    int answered() {
        return answers.size();
    }

    /** How many orders of each status, such as 202, were answered. */
    Map<Integer, Long> statuses() {
        return answers.stream().collect(Collectors.groupingBy(HttpResponse::statusCode, Collectors.counting()));
    }

    /** The answers that do not have this status, as text. */
    String othersThan(int status) {
        return answers.stream()
                .filter(answer -> answer.statusCode() != status)
                .map(answer -> answer.statusCode() + " " + answer.headers().map() + " " + answer.body())
                .collect(Collectors.joining("\n"));
    }

    /** The ids of the orders with this status. */
    List<String> ids(int status) {
        return answers.stream()
                .filter(answer -> answer.statusCode() == status)
                .map(answer -> json(answer.body()).at("/id").asText())
                .toList();
    }

    /** Orders that got no answer, because the connection broke or was refused. */
    Queue<Exception> failures() {
        return failures;
    }

    /** How many customers wait for an answer now, or did when their connection broke. */
    int waiting() {
        return waiting.get();
    }

    /** Waits for the answers to the orders on their way. Idempotent. */
    void stop() throws InterruptedException {
        stopping = true;
        for (Thread customer : customers) {
            customer.join();
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
