package dev.vela.frameworks.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vela.Batching;
import dev.vela.Outcome;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("full")
class VirtualThreadsRecipeIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int ORDERS = 2_000;

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @TempDir
    private Path folder;

    private ExecutorService threads;

    @BeforeEach
    void start() {
        assumeTrue(PinnedThreads.EXIST, PinnedThreads.SKIPPED);
        threads = PinnedThreads.virtualThreads();
    }

    @AfterEach
    void end() {
        if (threads != null) {
            threads.shutdown();
        }
    }

    /** A thread that waits for the initializer of a class is pinned, once. So all classes are used before. */
    private static void useOnce(Vela vela, String topic, boolean batching) throws PulsarClientException {
        try (SupervisedProducer<String> producer = start(vela, topic, batching, 1)) {
            producer.awaitReady(LONG);
            for (int i = 0; i < 100; i++) {
                producer.sendAsync("used");
            }
            producer.flush();
            producer.send("used");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thousandsSendBlockFlushAndCloseAndNoneIsPinned(
            boolean batching,
            Vela vela,
            @Topic(partitions = 2) String topic,
            @Topic(value = "used", partitions = 2) String used)
            throws Exception {
        useOnce(vela, used, batching);
        try (PinnedThreads pinned = new PinnedThreads()) {
            // Given
            SupervisedProducer<String> producer = start(vela, topic, batching, 20);
            List<String> all =
                    IntStream.range(0, ORDERS).mapToObj(i -> "order " + i).toList();

            // When
            new VirtualThreadsRecipe(producer).placeAll(all, threads);
            List<Future<?>> others = new ArrayList<>();
            for (int i = 0; i < ORDERS; i++) {
                others.add(threads.submit(() -> {
                    producer.sendAsync("asynchronous");
                    producer.flush();
                    return null;
                }));
            }
            for (Future<?> other : others) {
                other.get(5, TimeUnit.MINUTES);
            }
            threads.submit(() -> {
                        producer.close();
                        return null;
                    })
                    .get(5, TimeUnit.MINUTES);

            // Then
            assertThat(pulsar.messages(topic, Schema.STRING)).hasSize(2 * ORDERS);
            List<List<String>> stacks = pinned.stacks(folder.resolve("pinned.jfr"));
            if (Runtime.version().feature() >= 24) {
                assertThat(stacks).noneMatch(VirtualThreadsRecipeIT::isInVelaOrTheClient);
            }
        }
    }

    @Test
    void allCanWaitAtOnce(Vela vela, @Topic String topic) throws Exception {
        // Given
        SupervisedProducer<String> producer = start(vela, topic, false, 20);
        producer.awaitReady(LONG);
        AtomicInteger begun = new AtomicInteger();
        List<Future<?>> sends = new ArrayList<>();

        // When
        pulsar.freeze();
        for (int i = 0; i < ORDERS; i++) {
            sends.add(threads.submit(() -> {
                begun.incrementAndGet();
                return producer.send("order");
            }));
        }
        await().atMost(LONG).until(() -> begun.get() == ORDERS);
        assertThat(sends).noneMatch(Future::isDone);
        pulsar.thaw();

        // Then
        for (Future<?> send : sends) {
            assertThat(send.get(5, TimeUnit.MINUTES)).isNotNull();
        }
    }

    @Test
    void anInterruptedMessageInFlightIsStoredAllTheSame(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> producer = start(vela, topic, false, 20);
        producer.awaitReady(LONG);
        AtomicReference<Throwable> failure = new AtomicReference<>();

        pulsar.freeze();
        Future<?> sending = threads.submit(() -> failure.set(catchThrowable(() -> producer.send("tea"))));
        await().atMost(LONG).until(() -> producer.producers().get(0).inFlight() == 1);
        sending.cancel(true);
        await().atMost(LONG).until(() -> failure.get() != null);
        pulsar.thaw();
        producer.flush();

        assertThat(failure.get()).isInstanceOf(PulsarClientException.class);
        assertThat(Outcome.of(failure.get())).isEqualTo(Outcome.UNKNOWN);
        assertThat(pulsar.messages(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly("tea");
    }

    @Test
    void aFailureTellsItsOutcome(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> producer = start(vela, topic, false, 20);
        producer.awaitReady(LONG);
        Terminated.terminate(pulsar, producer);

        Throwable failure = catchThrowable(() -> new VirtualThreadsRecipe(producer).placeAll(List.of("tea"), threads));

        assertThat(failure).isInstanceOf(ExecutionException.class);
        assertThat(Outcome.of(failure)).isEqualTo(Outcome.NOT_SENT);
    }

    private static SupervisedProducer<String> start(Vela vela, String topic, boolean batching, int maxPendingMessages)
            throws PulsarClientException {
        SupervisedProducerBuilder<String, ?> builder =
                vela.newProducer(Schema.STRING).topic(topic).sendTimeout(LONG).maxPendingMessages(maxPendingMessages);
        if (batching) {
            builder.batching(Batching.defaults());
        }
        return builder.start();
    }

    private static boolean isInVelaOrTheClient(List<String> stack) {
        return stack.stream()
                .anyMatch(frame -> frame.startsWith("org.apache.pulsar.")
                        || (frame.startsWith("dev.vela.") && !frame.startsWith("dev.vela.frameworks.")));
    }
}
