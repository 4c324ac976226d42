package dev.vela.behaviour;

import dev.vela.Batching;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

class FlushIT {

    @Test
    void coversWhatWaitsForAProducerYet() throws Exception {
        try (Wire wire = new Wire();
                Vela vela = wire.velaBuilder().build()) {
            wire.down();
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("parked"))
                    .batching(Batching.defaults()
                            .withFlush(Batching.Flush.AT_INTERVAL)
                            .withFlushInterval(Duration.ofSeconds(25)))
                    .start();
            group.sendAsync("1");
            group.sendAsync("2");
            CompletableFuture<Void> flushed = group.flushAsync();
            wire.up();
            group.awaitReady(Duration.ofSeconds(20));

            Answers.value(flushed);
        }
    }
}
