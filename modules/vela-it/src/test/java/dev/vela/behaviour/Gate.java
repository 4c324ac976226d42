package dev.vela.behaviour;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.ProducerBuilder;

/** Lets attempts to create a producer pass, or so many of them; the others fail. */
final class Gate {
    private static final int ALL = Integer.MAX_VALUE;

    private final AtomicInteger left = new AtomicInteger(ALL);

    /** What is given to {@code customize}. */
    void pass(ProducerBuilder<?> builder) {
        if (left.getAndUpdate(now -> now == 0 || now == ALL ? now : now - 1) == 0) {
            throw new IllegalStateException("the gate is closed");
        }
    }

    void close() {
        open(0);
    }

    void open() {
        open(ALL);
    }

    /** Lets so many more pass. */
    void open(int attempts) {
        left.set(attempts);
    }
}
