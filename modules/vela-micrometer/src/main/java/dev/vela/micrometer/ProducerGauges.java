package dev.vela.micrometer;

import dev.vela.HandleState;
import dev.vela.ProducerState;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The gauges of one producer. A state has a gauge from the moment when a snapshot shows it for the first time: most
 * producers see two of eighteen states. Partitions have gauges once there are any.
 *
 * <p>Thread-safe.
 */
final class ProducerGauges {
    private static final ProducerState[] PRODUCER_STATES = ProducerState.values();

    private final MeterSet set;
    private final MeterRegistry registry;
    private final Tags tags;
    private final String name;
    private final String topic;
    private final Readings readings;
    private final ReentrantLock seeing = new ReentrantLock(); // guards what is below
    private final Set<HandleState> states = EnumSet.noneOf(HandleState.class);
    private final Set<ProducerState> producerStates = EnumSet.noneOf(ProducerState.class);
    private boolean hasPartitions;

    ProducerGauges(Binding binding, MeterSet set, Tags tags, String name, String topic) {
        this.set = set;
        this.registry = binding.registry();
        this.tags = tags;
        this.name = name;
        this.topic = topic;
        this.readings = binding.readings();
    }

    void register() {
        set.add(() -> Meters.pendingMessages(
                registry, tags, this, its -> its.reading().pendingMessages()));
        set.add(() ->
                Meters.pendingBytes(registry, tags, this, its -> its.reading().pendingBytes()));
        set.add(() -> Meters.waiting(registry, tags, this, its -> its.reading().waiting()));
        set.add(() ->
                Meters.oldestInFlight(registry, tags, this, its -> its.reading().oldestNanos()));
    }

    private Reading reading() {
        return readings.now().of(name, topic);
    }

    /** Registers the gauges of what this snapshot shows for the first time. Does not wait: a later one comes. */
    void show(Readings.Moment moment) {
        if (seeing.tryLock()) {
            try {
                show(moment.of(name, topic));
            } finally {
                seeing.unlock();
            }
        }
    }

    private void show(Reading reading) {
        HandleState state = reading.state();
        if (state != null) {
            see(states, state, () -> stateGauge(state));
        }
        for (ProducerState each : PRODUCER_STATES) {
            if (reading.producers(each) > 0) {
                see(producerStates, each, () -> producersGauge(each));
            }
        }
        if (!hasPartitions && reading.routedPartitions() > 0) {
            hasPartitions = set.tryAdd(() -> Meters.partitions(
                            registry, tags, "known", this, its -> its.reading().knownPartitions()))
                    && set.tryAdd(() -> Meters.partitions(
                            registry, tags, "routed", this, its -> its.reading().routedPartitions()));
        }
    }

    private <S> void see(Set<S> seen, S state, Supplier<Meter> gauge) {
        if (!seen.contains(state) && set.tryAdd(gauge)) {
            seen.add(state);
        }
    }

    private Meter stateGauge(HandleState state) {
        return Meters.state(
                registry, tags, Tokens.of(state), this, its -> its.reading().state() == state ? 1 : 0);
    }

    private Meter producersGauge(ProducerState state) {
        return Meters.producers(
                registry, tags, Tokens.of(state), this, its -> its.reading().producers(state));
    }
}
