package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** A thousand groups in one runtime. */
class ManyGroupsIT {
    private static final int GROUPS = 1000;
    private static final int FEW_THREADS = 50;

    @Test
    void shareAFewThreads() throws Exception {
        // Given a runtime
        String prefix = "non-persistent://public/default/" + Broker.freshName("many") + "-";
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
            long heapBefore = usedHeap();
            long begin = System.nanoTime();

            // When a thousand groups are started
            List<ProducerGroup<String>> groups = new ArrayList<>();
            for (int i = 0; i < GROUPS; i++) {
                groups.add(
                        vela.newProducerGroup(Schema.STRING).topic(prefix + i).start());
            }
            long started = System.nanoTime();
            await().atMost(Duration.ofMinutes(5))
                    .until(() -> groups.stream().allMatch(group -> group.state() == HandleState.READY));
            long ready = System.nanoTime();

            // Then each sends, and no thread came for each
            List<CompletableFuture<MessageId>> answers =
                    groups.stream().map(group -> group.sendAsync("v")).toList();
            assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(Duration.ofMinutes(1)));
            int threads = ManagementFactory.getThreadMXBean().getThreadCount() - threadsBefore;
            assertThat(threads).isLessThan(FEW_THREADS);
            assertThat(vela.snapshot().pendingMessages()).isZero();
            assertThat(vela.producers()).hasSize(GROUPS);
            System.out.printf(
                    "%d groups: started in %d ms, ready in %d ms, %d more threads, %d bytes of heap for each%n",
                    GROUPS,
                    (started - begin) / 1_000_000,
                    (ready - begin) / 1_000_000,
                    threads,
                    (usedHeap() - heapBefore) / GROUPS);
        }
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
