package dev.vela.opentelemetry;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.Outcome;
import dev.vela.SendFailedException;
import dev.vela.SendObserver;
import dev.vela.SupervisedProducer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Collection;
import java.util.List;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.junit.jupiter.api.Test;

class VelaTracingTest {
    private static final String TOPIC = "persistent://public/default/orders";
    private static final String CREATED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final MessageId RECEIPT = new MessageIdImpl(7, 8, 2);
    private static final MessageId DUPLICATE = new MessageIdImpl(-1, -1, 2);

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();
    private final SupervisedProducer<?> producer = Scripted.producer("orders", TOPIC);
    private final Scripted.Properties properties = new Scripted.Properties();

    private final OpenTelemetry sdk = sdk(
            Sampler.alwaysOn(),
            TextMapPropagator.composite(W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance()));
    private final VelaTracing tracing = VelaTracing.of(sdk);

    private OpenTelemetry sdk(Sampler sampler, TextMapPropagator propagator) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(sampler)
                        .addSpanProcessor(SimpleSpanProcessor.create(exported))
                        .build())
                .setPropagators(ContextPropagators.create(propagator))
                .build();
    }

    private static SendObserver.Attempt attempt(String official, int partition, int number) {
        return new SendObserver.Attempt(official, partition, 41, number);
    }

    private SpanData onlySpan() {
        assertThat(exported.getFinishedSpanItems()).hasSize(1);
        return exported.getFinishedSpanItems().get(0);
    }

    private static <V> V attribute(SpanData span, AttributeKey<V> key) {
        return span.getAttributes().get(key);
    }

    @Test
    void aSpanTellsTheWayOfAStoredMessage() {
        Span span = tracing.started(producer, properties);
        tracing.waiting(span);
        tracing.handed(span, attempt("orders-0", 2, 1));
        assertThat(exported.getFinishedSpanItems()).isEmpty();
        tracing.answered(span, RECEIPT, null);

        SpanData told = onlySpan();
        assertThat(told.getName()).isEqualTo("send " + TOPIC);
        assertThat(told.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(told.getStatus()).isEqualTo(StatusData.unset());
        assertThat(told.getLinks()).isEmpty();
        assertThat(told.getAttributes().asMap())
                .isEqualTo(Attributes.builder()
                        .put("messaging.system", "pulsar")
                        .put("messaging.operation.name", "send")
                        .put("messaging.operation.type", "send")
                        .put("messaging.destination.name", TOPIC)
                        .put("messaging.destination.partition.id", "2")
                        .put("messaging.message.id", RECEIPT.toString())
                        .put("vela.name", "orders")
                        .put("vela.outcome", "stored")
                        .build()
                        .asMap());
        assertThat(told.getEvents()).extracting(EventData::getName).containsExactly("vela.waiting", "vela.handed");
        assertThat(told.getEvents().get(1).getAttributes())
                .isEqualTo(Attributes.builder()
                        .put("vela.producer", "orders-0")
                        .put("messaging.destination.partition.id", "2")
                        .put("vela.sequence_id", 41)
                        .put("vela.attempt", 1)
                        .build());
    }

    @Test
    void aSpanTellsOfADeathAndTheSecondHandOver() {
        Span span = tracing.started(producer, properties);
        tracing.handed(span, attempt("orders-0", -1, 1));
        tracing.died(span, "orders-0", new IllegalStateException("the broker is away"));
        tracing.handed(span, attempt("orders-0", -1, 2));
        tracing.died(span, "orders-0", null);
        tracing.handed(span, attempt("orders-0", -1, 3));
        tracing.answered(span, RECEIPT, null);

        List<EventData> events = onlySpan().getEvents();
        assertThat(events)
                .extracting(EventData::getName)
                .containsExactly(
                        "vela.handed", "vela.producer.died", "vela.replayed", "vela.producer.died", "vela.replayed");
        assertThat(events.get(1).getAttributes())
                .isEqualTo(Attributes.builder()
                        .put("vela.producer", "orders-0")
                        .put("exception.type", IllegalStateException.class.getName())
                        .put("exception.message", "the broker is away")
                        .build());
        assertThat(events.get(3).getAttributes()).isEqualTo(Attributes.of(stringKey("vela.producer"), "orders-0"));
        assertThat(events.get(4).getAttributes().get(longKey("vela.attempt"))).isEqualTo(3);
        assertThat(attribute(onlySpan(), stringKey("messaging.destination.partition.id")))
                .isNull();
    }

    @Test
    void itIsAChildOfTheCallersSpanAndItsOwnContextTravels() {
        Span caller = sdk.getTracer("test").spanBuilder("request").startSpan();
        try (Scope current = caller.makeCurrent()) {
            tracing.answered(tracing.started(producer, properties), RECEIPT, null);
        }

        SpanData span = onlySpan();
        assertThat(span.getParentSpanId()).isEqualTo(caller.getSpanContext().getSpanId());
        assertThat(span.getTraceId()).isEqualTo(caller.getSpanContext().getTraceId());
        assertThat(properties.get("traceparent")).startsWith("00-" + span.getTraceId() + "-" + span.getSpanId() + "-");
    }

    @Test
    void theCallersBaggageTravelsToo() {
        try (Scope current = Baggage.builder().put("tenant", "blue").build().makeCurrent()) {
            tracing.started(producer, properties);
        }

        assertThat(properties.get("baggage")).isEqualTo("tenant=blue");
    }

    @Test
    void aContextThatTheMessageHasIsKeptAndLinkedTo() {
        Scripted.Properties given = Scripted.Properties.of("traceparent", CREATED);

        tracing.answered(tracing.started(producer, given), RECEIPT, null);

        assertThat(given.all()).hasSize(1).containsEntry("traceparent", CREATED);
        SpanData span = onlySpan();
        assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(span.getTraceId()).isNotEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(span.getLinks())
                .extracting(LinkData::getSpanContext)
                .singleElement()
                .satisfies(link -> assertThat(link.getSpanId()).isEqualTo("b7ad6b7169203331"));
    }

    @Test
    void baggageAloneIsNoContextAndIsKept() {
        Scripted.Properties given = Scripted.Properties.of("baggage", "own=1");

        try (Scope current = Baggage.builder().put("tenant", "blue").build().makeCurrent()) {
            tracing.answered(tracing.started(producer, given), RECEIPT, null);
        }

        assertThat(given.get("baggage")).isEqualTo("own=1");
        assertThat(given.get("traceparent")).contains(onlySpan().getSpanId());
        assertThat(onlySpan().getKind()).isEqualTo(SpanKind.PRODUCER);
    }

    @Test
    void whatLooksLikeAContextAndIsNoneIsNotReplaced() {
        Scripted.Properties given = Scripted.Properties.of("traceparent", "nonsense");

        tracing.answered(tracing.started(producer, given), RECEIPT, null);

        assertThat(given.all()).containsEntry("traceparent", "nonsense");
        assertThat(onlySpan().getLinks()).isEmpty();
    }

    @Test
    void aMessageThatIsNotSampledIsNotFollowedButCarriesItsContext() {
        VelaTracing unsampled = VelaTracing.of(sdk(Sampler.alwaysOff(), W3CTraceContextPropagator.getInstance()));

        assertThat(unsampled.started(producer, properties)).isNull();

        Context received = W3CTraceContextPropagator.getInstance()
                .extract(Context.root(), properties, new PropertiesCarrier(List.of()));
        assertThat(Span.fromContext(received).getSpanContext().isValid()).isTrue();
        assertThat(Span.fromContext(received).getSpanContext().isSampled()).isFalse();
    }

    @Test
    void withoutAnSdkTheCallersContextStillTravels() {
        VelaTracing propagating = VelaTracing.of(
                OpenTelemetry.propagating(ContextPropagators.create(W3CTraceContextPropagator.getInstance())));
        Span caller = sdk.getTracer("test").spanBuilder("request").startSpan();

        try (Scope current = caller.makeCurrent()) {
            assertThat(propagating.started(producer, properties)).isNull();
        }

        assertThat(properties.get("traceparent"))
                .contains(caller.getSpanContext().getSpanId());
        assertThat(VelaTracing.of(OpenTelemetry.noop()).started(producer, new Scripted.Properties()))
                .isNull();
    }

    @Test
    void aDuplicateIsASuccessWithoutAPlace() {
        tracing.answered(tracing.started(producer, properties), DUPLICATE, null);

        assertThat(attribute(onlySpan(), stringKey("vela.outcome"))).isEqualTo("duplicate");
        assertThat(attribute(onlySpan(), stringKey("messaging.message.id"))).isNull();
        assertThat(onlySpan().getStatus()).isEqualTo(StatusData.unset());
    }

    @Test
    void aFailureTellsItsClassAndItsOutcome() {
        tracing.answered(
                tracing.started(producer, properties), null, new SendFailedException("no", Outcome.NOT_SENT, null));
        tracing.answered(tracing.started(producer, new Scripted.Properties()), null, new RuntimeException());

        List<SpanData> spans = exported.getFinishedSpanItems();
        assertThat(spans)
                .extracting(span -> attribute(span, stringKey("vela.outcome")))
                .containsExactly("not_sent", "unknown");
        assertThat(spans)
                .extracting(span -> attribute(span, stringKey("error.type")))
                .containsExactly(SendFailedException.class.getName(), RuntimeException.class.getName());
        assertThat(spans).extracting(span -> span.getStatus().getStatusCode()).containsOnly(StatusCode.ERROR);
        assertThat(spans.get(0).getStatus().getDescription()).isEqualTo("no");
    }

    @Test
    void whatComesAfterTheAnswerOfATimeoutIsIgnored() {
        Span span = tracing.started(producer, properties);
        tracing.answered(span, null, new SendFailedException("late", Outcome.UNKNOWN, null));
        tracing.handed(span, attempt("orders-0", 2, 1));
        tracing.waiting(span);

        assertThat(onlySpan().getEvents()).isEmpty();
    }

    @Test
    void aPropagatorThatThrowsLeavesNoSpanOpen() {
        VelaTracing failing = VelaTracing.of(sdk(Sampler.alwaysOn(), new Failing()));

        assertThatThrownBy(() -> failing.started(producer, properties)).hasMessage("broken");

        assertThat(onlySpan().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void refusesNull() {
        assertThatThrownBy(() -> VelaTracing.of(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("openTelemetry");
    }

    /** A propagator that cannot inject. */
    static final class Failing implements TextMapPropagator {
        @Override
        public Collection<String> fields() {
            return List.of("broken");
        }

        @Override
        public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {
            throw new IllegalStateException("broken");
        }

        @Override
        public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
            return context;
        }
    }
}
