package dev.vela.opentelemetry;

import dev.vela.Outcome;
import dev.vela.SendObserver;
import dev.vela.SupervisedProducer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.Objects;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Traces of messages: a span for each, from the call that sends it to its answer. Given to {@code VelaBuilder.observer}.
 *
 * <p>The span {@code send <topic>} is a child of the current span of the thread that sends, and its context goes into
 * the properties of the message, where consumers find it, batched or not. Waiting, each hand-over to an official
 * producer, and the death of one are events of the span. Its attributes follow OpenTelemetry's conventions for messaging;
 * {@code vela.outcome} is {@code stored}, {@code duplicate}, {@code not_sent} or {@code unknown}.
 *
 * <p>A message whose properties have a context already, as the propagators of the application read them, keeps it, and
 * the span is linked to it. No property of the application is ever replaced.
 *
 * <p>A span that is not recorded costs only its creation and the injection of its context. Thread-safe; never blocks,
 * unless the SDK does.
 */
public final class VelaTracing implements SendObserver<Span> {
    private static final String WAITING = "vela.waiting";
    private static final String HANDED = "vela.handed";
    private static final String REPLAYED = "vela.replayed";
    private static final String DIED = "vela.producer.died";

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final PropertiesCarrier carrier;

    private VelaTracing(OpenTelemetry openTelemetry) {
        this.tracer = openTelemetry.getTracer(Names.SCOPE);
        this.propagator = openTelemetry.getPropagators().getTextMapPropagator();
        this.carrier = new PropertiesCarrier(propagator.fields());
    }

    /**
     * Creates an observer that uses the tracers and the propagators of an SDK. May be given to several runtimes.
     *
     * @throws NullPointerException if {@code openTelemetry} is null
     */
    public static VelaTracing of(OpenTelemetry openTelemetry) {
        return new VelaTracing(Objects.requireNonNull(openTelemetry, "openTelemetry"));
    }

    @Override
    public @Nullable Span started(SupervisedProducer<?> producer, Properties properties) {
        Context caller = Context.current();
        SpanContext created = createdIn(properties);
        String topic = producer.getTopic();
        SpanBuilder described = tracer.spanBuilder(Names.SEND + " " + topic)
                .setParent(caller)
                .setSpanKind(created.isValid() ? SpanKind.CLIENT : SpanKind.PRODUCER)
                .setAttribute(Names.SYSTEM, Names.PULSAR)
                .setAttribute(Names.OPERATION_NAME, Names.SEND)
                .setAttribute(Names.OPERATION_TYPE, Names.SEND)
                .setAttribute(Names.DESTINATION, topic)
                .setAttribute(Names.NAME, producer.name());
        if (created.isValid()) {
            described.addLink(created);
        }
        Span span = described.startSpan();
        if (!created.isValid()) {
            inject(caller, span, properties);
        }
        return span.isRecording() ? span : null;
    }

    /** The context that the application has given to the message; invalid if it has given none. */
    private SpanContext createdIn(Properties properties) {
        return carrier.isIn(properties)
                ? Span.fromContext(propagator.extract(Context.root(), properties, carrier))
                        .getSpanContext()
                : SpanContext.getInvalid();
    }

    private void inject(Context caller, Span span, Properties properties) {
        try {
            propagator.inject(caller.with(span), properties, carrier);
        } catch (Throwable failure) { // a propagator is foreign code, and nobody else knows of the span
            span.setStatus(StatusCode.ERROR, "the context could not be injected: " + failure);
            span.end();
            throw failure;
        }
    }

    @Override
    public void waiting(Span span) {
        span.addEvent(WAITING);
    }

    @Override
    public void handed(Span span, Attempt attempt) {
        AttributesBuilder attributes = Attributes.builder()
                .put(Names.PRODUCER, attempt.producer())
                .put(Names.SEQUENCE_ID, attempt.sequenceId())
                .put(Names.ATTEMPT, (long) attempt.number());
        if (attempt.partition() >= 0) {
            String partition = Integer.toString(attempt.partition());
            attributes.put(Names.PARTITION, partition);
            span.setAttribute(Names.PARTITION, partition);
        }
        span.addEvent(attempt.number() == 1 ? HANDED : REPLAYED, attributes.build());
    }

    @Override
    public void died(Span span, String producer, @Nullable Throwable cause) {
        AttributesBuilder attributes = Attributes.builder().put(Names.PRODUCER, producer);
        if (cause != null) {
            attributes.put(Names.EXCEPTION, cause.getClass().getName());
            attributes.put(Names.EXCEPTION_MESSAGE, String.valueOf(cause.getMessage()));
        }
        span.addEvent(DIED, attributes.build());
    }

    @Override
    public void answered(Span span, @Nullable MessageId receipt, @Nullable Throwable failure) {
        if (failure != null) {
            span.setAttribute(Names.OUTCOME, Names.outcome(Outcome.of(failure)));
            span.setAttribute(Names.ERROR, failure.getClass().getName());
            span.setStatus(StatusCode.ERROR, String.valueOf(failure.getMessage()));
        } else if (SupervisedProducer.isDuplicate(receipt)) { // such a receipt does not say where the message is
            span.setAttribute(Names.OUTCOME, Names.DUPLICATE);
        } else {
            span.setAttribute(Names.OUTCOME, Names.STORED);
            span.setAttribute(Names.MESSAGE_ID, String.valueOf(receipt));
        }
        span.end();
    }
}
