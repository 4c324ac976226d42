package dev.vela.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The names, units and descriptions of all meters. Each method registers a meter, or returns the one that is registered
 * already. Gauges hold what they read: Micrometer's would let it be collected.
 */
final class Meters {
    static final String NAME = "name";
    static final String TOPIC = "topic";
    static final String RUNTIME = "runtime";
    static final String PARTITION = "partition";
    static final String OUTCOME = "outcome";
    static final String ERROR = "error";
    static final String STATE = "state";
    static final String LEVEL = "level";
    static final String CAUSE = "cause";
    static final String TYPE = "type";
    static final String KIND = "kind";

    private Meters() {}

    // ---- answers

    static Counter messages(MeterRegistry registry, Tags tags, String outcome, String error) {
        return Counter.builder("vela.messages")
                .description("Answered messages, by what is certain of them")
                .baseUnit(BaseUnits.MESSAGES)
                .tags(tags.and(OUTCOME, outcome, ERROR, error))
                .register(registry);
    }

    static Timer entry(MeterRegistry registry, Tags tags, String outcome) {
        return Timer.builder("vela.entry")
                .description("Time from the acceptance of an entry's first message to its answer")
                .tags(tags.and(OUTCOME, outcome))
                .register(registry);
    }

    static DistributionSummary entryMessages(MeterRegistry registry, Tags tags) {
        return DistributionSummary.builder("vela.entry.messages")
                .description("Messages in a stored entry")
                .baseUnit(BaseUnits.MESSAGES)
                .tags(tags)
                .register(registry);
    }

    static Counter bytes(MeterRegistry registry, Tags tags) {
        return Counter.builder("vela.bytes")
                .description("Size of the stored messages, before compression")
                .baseUnit(BaseUnits.BYTES)
                .tags(tags)
                .register(registry);
    }

    static Counter replayed(MeterRegistry registry, Tags tags) {
        return Counter.builder("vela.replayed")
                .description("Messages handed to the successor of a producer that died")
                .baseUnit(BaseUnits.MESSAGES)
                .tags(tags)
                .register(registry);
    }

    static Timer blocked(MeterRegistry registry, Tags tags) {
        return Timer.builder("vela.blocked")
                .description("Time that threads waited for room in a budget")
                .tags(tags)
                .register(registry);
    }

    // ---- events

    static Counter events(MeterRegistry registry, Tags tags, String type) {
        return Counter.builder("vela.events")
                .description("Events of producers and groups")
                .tags(tags.and(TYPE, type))
                .register(registry);
    }

    static Counter restarts(MeterRegistry registry, Tags tags, String level, String cause) {
        return Counter.builder("vela.restarts")
                .description("Restarts, by what was restarted and the failure before it")
                .tags(tags.and(LEVEL, level, CAUSE, cause))
                .register(registry);
    }

    // ---- gauges of a producer

    static <T> Meter pendingMessages(MeterRegistry registry, Tags tags, T of, ToDoubleFunction<T> value) {
        return gauge("vela.pending.messages", "Messages accepted and not answered", of, value)
                .baseUnit(BaseUnits.MESSAGES)
                .tags(tags)
                .register(registry);
    }

    static <T> Meter pendingBytes(MeterRegistry registry, Tags tags, T of, ToDoubleFunction<T> value) {
        return gauge("vela.pending.bytes", "Size of the messages that hold room of a topic or partition", of, value)
                .baseUnit(BaseUnits.BYTES)
                .tags(tags)
                .register(registry);
    }

    static <T> Meter waiting(MeterRegistry registry, Tags tags, T of, ToDoubleFunction<T> value) {
        return gauge("vela.waiting", "Messages accepted that no producer takes now", of, value)
                .baseUnit(BaseUnits.MESSAGES)
                .tags(tags)
                .register(registry);
    }

    static <T> Meter oldestInFlight(MeterRegistry registry, Tags tags, T of, ToDoubleFunction<T> nanos) {
        return TimeGauge.builder("vela.inflight.oldest", of, TimeUnit.NANOSECONDS, nanos)
                .description("How long the oldest message without a receipt has been in flight")
                .strongReference(true)
                .tags(tags)
                .register(registry);
    }

    static <T> Meter state(MeterRegistry registry, Tags tags, String state, T of, ToDoubleFunction<T> value) {
        return gauge("vela.state", "1 for the state that the producer is in as a whole, otherwise 0", of, value)
                .tags(tags.and(STATE, state))
                .register(registry);
    }

    static <T> Meter producers(MeterRegistry registry, Tags tags, String state, T of, ToDoubleFunction<T> value) {
        return gauge("vela.producers", "Official producers, by state", of, value)
                .tags(tags.and(STATE, state))
                .register(registry);
    }

    static <T> Meter partitions(MeterRegistry registry, Tags tags, String kind, T of, ToDoubleFunction<T> value) {
        return gauge("vela.partitions", "Partitions that messages are routed to, or that are known", of, value)
                .tags(tags.and(KIND, kind))
                .register(registry);
    }

    // ---- gauges of a runtime

    static <T> Meter runtimeMessages(MeterRegistry registry, Tags tags, T of, ToDoubleFunction<T> value) {
        return gauge("vela.runtime.pending.messages", "Messages that hold room of the runtime", of, value)
                .baseUnit(BaseUnits.MESSAGES)
                .tags(tags)
                .register(registry);
    }

    static <T> Meter runtimeBytes(MeterRegistry registry, Tags tags, T of, ToDoubleFunction<T> value) {
        return gauge("vela.runtime.pending.bytes", "Size of the messages that hold room of the runtime", of, value)
                .baseUnit(BaseUnits.BYTES)
                .tags(tags)
                .register(registry);
    }

    /** Without a unit: Prometheus would have it after the name. */
    static <T> Meter runtimeMessagesLimit(MeterRegistry registry, Tags tags, T of, ToDoubleFunction<T> value) {
        return gauge("vela.runtime.pending.messages.limit", "Messages that may be pending in the runtime", of, value)
                .tags(tags)
                .register(registry);
    }

    static <T> Meter runtimeBytesLimit(MeterRegistry registry, Tags tags, T of, ToDoubleFunction<T> value) {
        return gauge("vela.runtime.pending.bytes.limit", "Bytes that may be pending in the runtime", of, value)
                .tags(tags)
                .register(registry);
    }

    private static <T> Gauge.Builder<T> gauge(String name, String description, T of, ToDoubleFunction<T> value) {
        return Gauge.builder(name, of, value).description(description).strongReference(true);
    }
}
