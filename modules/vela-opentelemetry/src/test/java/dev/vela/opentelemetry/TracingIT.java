package dev.vela.opentelemetry;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Backoff;
import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.NoProducersAvailableException;
import dev.vela.ProducerGroup;
import dev.vela.SendObserver;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.VelaBuilder;
import dev.vela.local.LocalPulsar;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Traces and metrics of what really happens, on a real Pulsar. */
class TracingIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @AutoClose
    private static LocalPulsar pulsar;

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();
    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();

    @AutoClose
    private final OpenTelemetrySdk sdk = sdk(W3CTraceContextPropagator.getInstance());

    private OpenTelemetrySdk sdk(TextMapPropagator propagator) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exported))
                        .build())
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(metrics).build())
                .setPropagators(ContextPropagators.create(propagator))
                .build();
    }

    @BeforeAll
    static void startPulsar() {
        pulsar = LocalPulsar.builder().readyWithin(Duration.ofMinutes(5)).start();
    }

    private static VelaBuilder runtime() {
        return Vela.builder()
                .serviceUrl(pulsar.serviceUrl())
                .customizeClient(client -> client.maxBackoffInterval(1, TimeUnit.SECONDS));
    }

    private static String topic(String name) {
        pulsar.admin().createTopic(name);
        return "persistent://public/default/" + name;
    }

    private static Consumer<String> subscribe(Vela vela, String topic) throws PulsarClientException {
        return vela.client()
                .newConsumer(Schema.STRING)
                .topic(topic)
                .subscriptionName("reader")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe();
    }

    private static List<Message<String>> read(Consumer<String> consumer, int count) throws PulsarClientException {
        List<Message<String>> messages = new ArrayList<>();
        while (messages.size() < count) {
            Message<String> message = consumer.receive((int) LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(message).as("after %d messages", messages.size()).isNotNull();
            messages.add(message);
        }
        return messages;
    }

    private static void assertAnswered(List<CompletableFuture<MessageId>> answers) {
        assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
    }

    /** The spans that were sent, by their ids; the caller's is not among them. */
    private Map<String, SpanData> sendSpans() {
        return exported.getFinishedSpanItems().stream()
                .filter(span -> span.getName().startsWith("send "))
                .collect(Collectors.toMap(SpanData::getSpanId, Function.identity()));
    }

    /** Notes which messages were handed over by another thread than the one that sent them. */
    private static final class HandingThreads implements SendObserver<HandingThreads.Sent> {
        private final Set<Sent> handedElsewhere = ConcurrentHashMap.newKeySet();

        private static final class Sent {
            private final Thread by = Thread.currentThread();
        }

        @Override
        public Sent started(SupervisedProducer<?> producer, Properties properties) {
            return new Sent();
        }

        @Override
        public void handed(Sent sent, Attempt attempt) {
            if (sent.by != Thread.currentThread()) {
                handedElsewhere.add(sent);
            }
        }

        @Override
        public void answered(Sent sent, MessageId receipt, Throwable failure) {}
    }

    @Test
    void eachMessageOfABatchCarriesItsOwnContext() throws Exception {
        int count = 1000;
        String topic = topic("batches");
        HandingThreads threads = new HandingThreads();
        Span caller = sdk.getTracer("test").spanBuilder("request").startSpan();
        try (Vela vela = runtime()
                        .name("shop")
                        .observer(VelaTracing.of(sdk))
                        .observer(threads)
                        .metrics(VelaMeters.of(sdk))
                        .build();
                Consumer<String> consumer = subscribe(vela, topic)) {
            ProducerGroup<String> orders = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .batching(
                            new Batching(count + 1, 1 << 20, Duration.ofMillis(200), Batching.Flush.AT_INTERVAL, false))
                    .start();
            orders.awaitReady(LONG);

            // When a thread with a current span sends
            List<CompletableFuture<MessageId>> answers = new ArrayList<>();
            try (Scope current = caller.makeCurrent()) {
                for (int i = 0; i < count; i++) {
                    answers.add(orders.sendAsync("order " + i));
                }
            }
            assertAnswered(answers);
            List<Message<String>> read = read(consumer, count);

            // Then other threads have handed the messages over, in batches
            assertThat(threads.handedElsewhere).hasSize(count);
            Set<Long> entries = new HashSet<>();
            read.forEach(message -> entries.add(((MessageIdAdv) message.getMessageId()).getEntryId()));
            assertThat(entries).hasSizeLessThan(count / 2);

            // And each message leads to a span of its own, under the caller's
            Map<String, SpanData> spans = sendSpans();
            assertThat(spans).hasSize(count);
            Set<String> followed = new HashSet<>();
            for (Message<String> message : read) {
                String[] context = message.getProperty("traceparent").split("-");
                SpanData span = spans.get(context[2]);
                assertThat(span).as(message.getProperty("traceparent")).isNotNull();
                assertThat(followed.add(span.getSpanId())).isTrue();
                assertThat(span.getTraceId()).isEqualTo(context[1]);
                assertThat(span.getParentSpanId())
                        .isEqualTo(caller.getSpanContext().getSpanId());
                assertThat(span.hasEnded()).isTrue();
                assertThat(span.getAttributes().get(stringKey("messaging.message.id")))
                        .isEqualTo(message.getMessageId().toString());
                assertThat(span.getAttributes().get(stringKey("vela.outcome"))).isEqualTo("stored");
                assertThat(span.getEvents()).extracting(EventData::getName).containsExactly("vela.handed");
            }

            // And the metrics count messages, not entries
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(counted("vela.messages")).isEqualTo(count));
            assertThat(counted("messaging.client.sent.messages")).isEqualTo(count);
        }
    }

    /** The sum of a counter. */
    private long counted(String name) {
        return metrics.collectAllMetrics().stream()
                .filter(metric -> metric.getName().equals(name))
                .flatMap(metric -> metric.getLongSumData().getPoints().stream())
                .mapToLong(LongPointData::getValue)
                .sum();
    }

    @Test
    void aSpanTellsThatItsMessageWasReplayed() throws Exception {
        String topic = topic("replayed");
        try (Vela vela = runtime()
                .observer(VelaTracing.of(sdk))
                .metrics(VelaMeters.of(sdk))
                .build()) {
            ProducerGroup<String> orders = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .inFlightPolicy(InFlightPolicy.REPLAY)
                    .maxDisconnectedTime(Duration.ofSeconds(2))
                    .backoff(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(1)))
                    .start();
            orders.awaitReady(LONG);

            // Given messages that a producer has sent to a broker that does not answer
            List<CompletableFuture<MessageId>> answers = new ArrayList<>();
            pulsar.freeze();
            try {
                for (int i = 0; i < 10; i++) {
                    answers.add(orders.newMessage()
                            .value("order " + i)
                            .timeout(LONG.multipliedBy(2))
                            .sendAsync());
                }

                // When it is given up
                await().atMost(LONG).until(() -> counted("vela.restarts") > 0);
            } finally {
                pulsar.thaw();
            }
            assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG.multipliedBy(2)));
        }

        // Then each span tells so, and how it went on
        List<SpanData> spans = List.copyOf(sendSpans().values());
        assertThat(spans).hasSize(10).allSatisfy(span -> {
            assertThat(span.getAttributes().get(stringKey("vela.outcome"))).isEqualTo("stored");
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        });
        assertThat(spans).anySatisfy(TracingIT::assertReplayed);
        assertThat(counted("vela.replayed")).isPositive();
    }

    private static void assertReplayed(SpanData span) {
        List<EventData> events = span.getEvents();
        assertThat(events)
                .extracting(EventData::getName)
                .startsWith("vela.handed", "vela.producer.died", "vela.replayed");
        EventData handed = events.get(0);
        EventData died = events.get(1);
        EventData replayed = events.get(2);
        assertThat(died.getAttributes().get(stringKey("exception.type"))).isNotNull();
        assertThat(died.getAttributes().get(stringKey("vela.producer")))
                .isEqualTo(handed.getAttributes().get(stringKey("vela.producer")));
        assertThat(replayed.getAttributes().get(longKey("vela.sequence_id")))
                .isEqualTo(handed.getAttributes().get(longKey("vela.sequence_id")));
        assertThat(replayed.getAttributes().get(longKey("vela.attempt"))).isEqualTo(2);
    }

    @Test
    void aFailureEndsItsSpan() throws Exception {
        String topic = topic("failed");
        try (Vela vela = runtime().observer(VelaTracing.of(sdk)).build()) {
            ProducerGroup<String> orders =
                    vela.newProducerGroup(Schema.STRING).topic(topic).start();
            orders.stop(Duration.ZERO);

            assertThat(orders.sendAsync("too late")).failsWithin(LONG);
        }

        assertThat(sendSpans().values()).singleElement().satisfies(span -> {
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(span.getAttributes().get(stringKey("vela.outcome"))).isEqualTo("not_sent");
            assertThat(span.getAttributes().get(stringKey("error.type")))
                    .isEqualTo(NoProducersAvailableException.class.getName());
        });
    }

    @Test
    void aPropagatorThatThrowsHoldsUpNoMessage() throws Exception {
        String topic = topic("untraced");
        try (OpenTelemetrySdk broken = sdk(new VelaTracingTest.Failing());
                Vela vela = runtime().observer(VelaTracing.of(broken)).build();
                Consumer<String> consumer = subscribe(vela, topic)) {
            ProducerGroup<String> orders =
                    vela.newProducerGroup(Schema.STRING).topic(topic).start();

            CompletableFuture<MessageId> answer =
                    orders.newMessage().value("order").timeout(LONG).sendAsync();
            assertThat(answer).succeedsWithin(LONG);

            assertThat(read(consumer, 1)).extracting(Message::getValue).containsExactly("order");
        }
    }
}
