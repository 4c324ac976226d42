package dev.vela.spring.it;

import dev.vela.Vela;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.Schema;

final class Velas {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Velas() {}

    /** Whether a runtime itself is closed: one that is open on a closed client refuses producers, too, but otherwise. */
    static boolean isClosed(Vela vela) {
        CompletableFuture<?> start = vela.newProducer(Schema.STRING)
                .topic("late-" + NUMBER.incrementAndGet())
                .startAsync();
        try {
            start.getNow(null);
            return false;
        } catch (CompletionException e) {
            return "this Vela is closed".equals(e.getCause().getMessage());
        }
    }
}
