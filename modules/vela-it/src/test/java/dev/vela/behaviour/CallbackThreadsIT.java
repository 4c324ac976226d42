package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The threads for callbacks, and what one producer may have of them. */
class CallbackThreadsIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int PARTITIONS = 24; // more than there are threads
    private static final int SHARE = 4;

    @Tag("full")
    @Test
    void blockingCallbacksOfAllPartitionsLeaveThreadsToOtherProducers() throws Exception {
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            // Given
            PartitionedProducer<String> blocking = vela.newPartitionedProducer(Schema.STRING)
                    .topic(Broker.freshPartitionedTopic("blocking", PARTITIONS))
                    .start();
            ProducerGroup<String> other = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("free"))
                    .start();
            blocking.awaitReady(LONG);
            CountDownLatch entered = new CountDownLatch(SHARE);
            CountDownLatch told = new CountDownLatch(20 * PARTITIONS);
            CompletableFuture<Void> release = new CompletableFuture<>();
            Set<Thread> blocked = ConcurrentHashMap.newKeySet();

            // When callbacks of more partitions than there are threads block
            for (int i = 0; i < 20 * PARTITIONS; i++) {
                blocking.newMessage().key("key-" + i).value("v").sendAsync((receipt, failure) -> {
                    blocked.add(Thread.currentThread());
                    entered.countDown();
                    release.join();
                    told.countDown();
                });
            }
            entered.await();
            try {
                // Then another producer's are called all the same
                for (int i = 0; i < 10; i++) {
                    assertThat(other.sendAsync("v")).succeedsWithin(LONG);
                }
                assertThat(blocked).hasSize(SHARE);
            } finally {
                release.complete(null);
            }
            assertThat(told.await(1, TimeUnit.MINUTES)).isTrue();
        }
    }
}
