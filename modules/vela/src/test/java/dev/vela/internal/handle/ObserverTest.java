package dev.vela.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.SendObserver;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.VelaMetrics;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What observers and metrics are told of messages that a handle does not send, and what observers may change. */
class ObserverTest {

    /** Adds a property that counts the messages, and notes what it finds. */
    private static final class Counting implements SendObserver<Integer> {
        private final AtomicInteger count = new AtomicInteger();
        private final List<@Nullable String> found = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();

        @Override
        public Integer started(SupervisedProducer<?> producer, Properties properties) {
            found.add(properties.get("trace") + ", " + properties.get("own"));
            assertThatNullPointerException().isThrownBy(() -> properties.set("trace", null));
            assertThatNullPointerException().isThrownBy(() -> properties.get(null));
            properties.set("trace", "0");
            properties.set("trace", "" + count.incrementAndGet());
            assertThat(properties.get("trace")).isEqualTo("" + count.get());
            return count.get();
        }

        @Override
        public void answered(Integer context, @Nullable MessageId receipt, @Nullable Throwable failure) {
            failures.add(failure);
        }
    }

    @Test
    void whatAnObserverAddsIsForOneMessageThoughABuilderIsUsedAgain() throws PulsarClientException {
        Counting observer = new Counting();
        try (Vela vela = Vela.builder()
                .serviceUrl("pulsar://127.0.0.1:1")
                .observer(observer)
                .build()) {
            SupervisedProducer<String> producer =
                    vela.newProducerGroup(Schema.STRING).topic("orders").start();
            SupervisedMessageBuilder<String> plain =
                    producer.newMessage().value("v").property("own", "mine").timeout(Duration.ofMillis(1));
            SupervisedMessageBuilder<String> official = producer.newMessage()
                    .value("v")
                    .property("own", "mine")
                    .deliverAfter(Duration.ofSeconds(1))
                    .timeout(Duration.ofMillis(1));
            for (SupervisedMessageBuilder<String> builder : List.of(plain, official)) {
                assertThat(builder.sendAsync()).failsWithin(Duration.ofMinutes(1));
                assertThat(builder.sendAsync()).failsWithin(Duration.ofMinutes(1));
            }

            assertThat(observer.found).containsExactly("null, mine", "null, mine", "null, mine", "null, mine");
            assertThat(observer.failures).hasSize(4).allMatch(NoProducersAvailableException.class::isInstance);
        }
    }

    @Test
    void aMessageThatCannotBeEncodedIsAnsweredAndCounted() throws PulsarClientException {
        Counting observer = new Counting();
        List<String> told = new ArrayList<>();
        try (Vela vela = Vela.builder()
                .serviceUrl("pulsar://127.0.0.1:1")
                .observer(observer)
                .metrics((name, topic) -> new VelaMetrics.Messages() {
                    @Override
                    public void failed(int partition, int messages, long nanos, Outcome outcome, Throwable cause) {
                        told.add(name + " " + messages + " " + outcome);
                    }

                    @Override
                    public void close() {
                        told.add(name + " closed");
                    }
                })
                .build()) {
            SupervisedProducer<byte[]> producer = vela.newProducerGroup(Schema.BYTES)
                    .topic("orders")
                    .name("mine")
                    .start();
            assertThat(producer.newMessage(refusing()).value("v").sendAsync()).isCompletedExceptionally();

            assertThat(observer.failures).hasSize(1);
            assertThat(told).containsExactly("mine 1 NOT_SENT");
            producer.stop(Duration.ZERO);
            assertThat(told).endsWith("mine closed");
        }
    }

    @Test
    void metricsThatRefuseARuntimeAreNotClosedWithIt() {
        List<String> closed = new CopyOnWriteArrayList<>();
        AtomicReference<String> pool = new AtomicReference<>("");
        VelaMetrics first = new Closing("first", closed, pool);
        VelaMetrics refusing = new Closing("refusing", closed, pool) {
            @Override
            public void bind(Vela vela) {
                throw new IllegalStateException("serves another");
            }
        };
        VelaMetrics later = new Closing("later", closed, pool);

        assertThatIllegalStateException()
                .isThrownBy(() -> Vela.builder()
                        .serviceUrl("pulsar://127.0.0.1:1")
                        .metrics(first)
                        .metrics(refusing)
                        .metrics(later)
                        .build())
                .withMessage("serves another");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !closed.isEmpty() && haveEnded(pool.get())); // so that nothing is closed after that
        assertThat(closed).containsExactly("first");
    }

    private static boolean haveEnded(String pool) {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith(pool));
    }

    /** Metrics that tell that they were closed, and in which pool of threads. */
    private static class Closing implements VelaMetrics {
        private final String name;
        private final List<String> closed;
        private final AtomicReference<String> pool;

        Closing(String name, List<String> closed, AtomicReference<String> pool) {
            this.name = name;
            this.closed = closed;
            this.pool = pool;
        }

        @Override
        public Messages of(String handle, String topic) {
            return new Messages() {};
        }

        @Override
        public void close() {
            String thread = Thread.currentThread().getName();
            pool.set(thread.substring(0, thread.lastIndexOf('-') + 1));
            closed.add(name);
        }
    }

    @SuppressWarnings("unchecked") // a proxy of a schema of texts
    private static Schema<String> refusing() {
        return (Schema<String>) Proxy.newProxyInstance(
                ObserverTest.class.getClassLoader(), new Class<?>[] {Schema.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("encode")) {
                        throw new IllegalStateException("no");
                    }
                    return method.invoke(Schema.STRING, arguments);
                });
    }
}
