package dev.vela.internal.producer;

import dev.vela.ChildSpec;
import dev.vela.HandleState;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.VelaEvent;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.LaneContext;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.runtime.ClientCalls;
import dev.vela.internal.runtime.HandleContext;
import dev.vela.internal.runtime.OfficialTerms;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.RuntimeResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.jspecify.annotations.Nullable;

/**
 * The producers of one group: their slots, and the children that keep a producer in each.
 *
 * <p>Confined to the control thread, except for reads of the slots.
 */
public final class ProducerChildren<T> implements ProducerOperations {
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);

    private final RuntimeResources engine;
    private final ClientCalls calls;
    private final String name;
    private final ProducerSettings<T> settings;
    private final String topic;
    private final ProducerFactory<T> source;
    private final Runnable onChange;
    private final ProducerSlot[] slots;
    private final LaneSelector lanes;
    private final @Nullable ProducerChild[] children; // control thread only
    private volatile boolean everReady;

    /**
     * Creates the slots of the producers, and starts no producer.
     *
     * @param namePrefix the beginning of their names
     * @param nameSuffix the end of their names
     * @param laneContext the surroundings of their lanes
     * @param onChange run after each change of a producer's state, on the control thread
     */
    public ProducerChildren(
            RuntimeResources engine,
            ClientCalls calls,
            HandleContext<T> context,
            String topic,
            String namePrefix,
            String nameSuffix,
            LaneContext laneContext,
            Runnable onChange) {
        this.engine = engine;
        this.calls = calls;
        this.name = context.name();
        this.settings = context.settings();
        this.topic = topic;
        this.source = new ProducerFactory<>(engine, calls, context, topic, laneContext.partition());
        this.onChange = onChange;
        this.slots = new ProducerSlot[settings.producers()];
        this.children = new ProducerChild[settings.producers()];
        for (int i = 0; i < slots.length; i++) {
            int index = i;
            OfficialTerms official = settings.official();
            String own = official == null ? namePrefix + "-" + i + nameSuffix : official.producerName(i);
            Lane lane = new Lane(own, laneContext, (publisher, cause) -> died(index, publisher, cause));
            slots[i] = new ProducerSlot(topic, i, lane, settings.accessMode());
        }
        this.lanes =
                new LaneSelector(Arrays.stream(slots).map(ProducerSlot::lane).toList());
    }

    /** The lanes of all slots. */
    public LaneSelector lanes() {
        return lanes;
    }

    /** The state of each producer, read only once: two reads could find the same producer in neither of two states. */
    public List<ProducerState> states() {
        return Arrays.stream(slots).map(ProducerSlot::state).toList();
    }

    /** Whether the first attempt to create each producer has been answered. */
    public boolean areAnswered() {
        return Arrays.stream(slots).allMatch(slot -> slot.state().isAlive() || slot.lastCause() != null);
    }

    /** The last causes of the producers that are down. */
    public List<Throwable> causes() {
        return Arrays.stream(slots)
                .filter(slot -> !slot.state().isAlive())
                .map(ProducerSlot::lastCause)
                .filter(Objects::nonNull)
                .toList();
    }

    public List<Snapshot.Producer> snapshot() {
        return Arrays.stream(slots).map(ProducerSlot::snapshot).toList();
    }

    /**
     * The state of the producers as a whole, while their group runs. Each change of a partition asks all partitions.
     */
    public HandleState state() {
        int ready = 0;
        int waiting = 0;
        int coming = 0;
        for (ProducerSlot slot : slots) {
            ProducerState state = slot.state(); // once: two reads could find it in neither of two states
            ready += state == ProducerState.READY ? 1 : 0;
            waiting += state == ProducerState.WAITING ? 1 : 0;
            coming += state.isRecovering() || state == ProducerState.RECONNECTING ? 1 : 0;
        }
        if (ready > 0) {
            return ready + waiting == slots.length ? HandleState.READY : HandleState.DEGRADED;
        }
        if (waiting + coming == 0) {
            return HandleState.DOWN;
        }
        return everReady ? HandleState.RESTARTING : HandleState.STARTING;
    }

    // ---- children, on the control thread

    /** Describes one child for each producer, for an immediate start: until started, a producer counts as starting. */
    public List<ChildSpec> childSpecs() {
        List<ChildSpec> specs = new ArrayList<>();
        for (ProducerSlot slot : slots) {
            slot.transitionTo(ProducerState.STARTING, null);
            specs.add(ChildSpec.of(slot.lane().name(), () -> CompletableFuture.completedFuture(startChild(slot)))
                    .withShutdown(SHUTDOWN));
        }
        return specs;
    }

    private ProducerChild startChild(ProducerSlot slot) {
        ProducerChild child = new ProducerChild(this, slot, settings, engine.control());
        boolean first = children[slot.index()] == null;
        children[slot.index()] = child;
        if (!first) {
            slot.restarted();
        }
        if (first) {
            event(VelaEvent.Type.STARTED, slot, null);
        } else {
            event(VelaEvent.Type.RESTARTED, slot, slot.lastCause());
        }
        child.start(first ? startupDelay() : Duration.ZERO);
        return child;
    }

    private Duration startupDelay() {
        long jitter = settings.startupJitter().toNanos();
        Duration extra =
                jitter == 0 ? Duration.ZERO : Duration.ofNanos(engine.random().nextLong(jitter + 1));
        return settings.startupDelay().plus(extra);
    }

    private void died(int index, EntryPublisher publisher, Throwable cause) {
        ProducerChild child = children[index];
        if (child != null) {
            child.died(publisher, cause);
        }
    }

    public void tick() {
        for (ProducerSlot slot : slots) {
            slot.lane().tick();
        }
        for (ProducerChild child : children) {
            if (child != null) {
                child.tick();
            }
        }
    }

    /** Closes all producers together, for good, before their supervisor asks for it. */
    public void closeAhead(Duration grace) {
        for (ProducerChild child : children) {
            if (child != null) {
                child.closeAhead(grace);
            }
        }
    }

    /** Marks all producers as failed: their group gave up. */
    public void failed() {
        for (ProducerSlot slot : slots) {
            slot.lane().detach("died, and will not be replaced: its group failed", slot.lastCause());
            if (slot.state() != ProducerState.FAILED) {
                transition(slot, ProducerState.FAILED, null);
            }
        }
    }

    /** Restarts the producers that would stay down. */
    public void restart() {
        for (ProducerChild child : children) {
            if (child != null) {
                child.restart();
            }
        }
    }

    // ---- operations for the children

    @Override
    public CompletableFuture<EntryPublisher> create(String producerName, ProducerAccessMode accessMode) {
        return source.create(producerName, accessMode);
    }

    @Override
    public CompletableFuture<Integer> lookUp() {
        return source.partitions();
    }

    @Override
    public CompletableFuture<Void> close(EntryPublisher publisher) {
        return calls.call(publisher::closeAsync);
    }

    @Override
    public CompletableFuture<@Nullable Throwable> probe(EntryPublisher publisher) {
        return calls.call(() -> CompletableFuture.completedFuture(publisher.terminalCause()));
    }

    @Override
    public Duration backoff(int failures) {
        return settings.backoff().delay(failures, engine.random());
    }

    @Override
    public Duration refusedBackoff(int refusals) {
        return settings.refusedBackoff().delay(refusals, engine.random());
    }

    @Override
    public void transition(ProducerSlot slot, ProducerState to, @Nullable Throwable cause) {
        ProducerState from = slot.state();
        slot.transitionTo(to, cause);
        if (to == ProducerState.READY) {
            everReady = true;
        }
        if (cause != null && from.isAlive()) {
            event(VelaEvent.Type.DIED, slot, cause);
        }
        VelaEvent.Type type = from == to ? null : typeOf(from, to);
        if (type != null) {
            event(type, slot, cause);
        }
        onChange.run();
    }

    private static VelaEvent.@Nullable Type typeOf(ProducerState from, ProducerState to) {
        return switch (to) {
            case READY -> from == ProducerState.RECONNECTING ? null : VelaEvent.Type.READY;
            case WAITING -> VelaEvent.Type.WAITING;
            case FENCED -> VelaEvent.Type.FENCED;
            case TERMINATED -> VelaEvent.Type.TERMINATED;
            case REFUSED -> VelaEvent.Type.REFUSED;
            case STOPPED -> VelaEvent.Type.STOPPED;
            case STARTING, RECONNECTING, RESTARTING, FAILED -> null;
        };
    }

    private void event(VelaEvent.Type type, ProducerSlot slot, @Nullable Throwable cause) {
        engine.event(type, name, topic, slot.lane().name(), cause);
    }
}
