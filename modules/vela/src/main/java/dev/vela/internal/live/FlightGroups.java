package dev.vela.internal.live;

import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.VelaEvent;
import java.time.Duration;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the groups of one runtime. Only where the Java runtime has the module jdk.jfr.
 *
 * <p>Until a recording initializes Flight Recorder, this is a listener and nothing else: initializing it here would make
 * every application pay for it.
 */
final class FlightGroups implements FlightRecorderListener {
    private static final Logger log = LoggerFactory.getLogger(FlightGroups.class);

    private final String runtime;
    private final Supplier<Snapshot> snapshot;
    private final Runnable hook = this::recordAll; // one object: it is removed by its identity
    private volatile boolean closed;

    private FlightGroups(String runtime, Supplier<Snapshot> snapshot) {
        this.runtime = runtime;
        this.snapshot = snapshot;
    }

    /** Records an event, if anybody records. */
    static void recordLife(String runtime, VelaEvent event, @Nullable String producer, @Nullable String cause) {
        if (FlightRecorder.isInitialized()) {
            commit(runtime, event, producer, cause);
        }
    }

    private static void commit(String runtime, VelaEvent event, @Nullable String producer, @Nullable String cause) {
        LifeEvent life = new LifeEvent();
        if (life.isEnabled()) {
            life.runtime = runtime;
            life.type = event.type().name();
            life.name = event.name();
            life.topic = event.topic();
            life.producer = producer;
            life.cause = cause;
            life.commit();
        }
    }

    /** Records the groups of a runtime from now on; returns what ends that. */
    static Runnable add(String runtime, Supplier<Snapshot> snapshot) {
        FlightGroups groups = new FlightGroups(runtime, snapshot);
        FlightRecorder.addListener(groups);
        return groups::close;
    }

    /** Never throws: since JDK 24 that would end the start of anybody's recording. Flight Recorder holds a lock. */
    @Override
    public void recorderInitialized(FlightRecorder recorder) {
        try {
            FlightRecorder.register(LifeEvent.class);
            FlightRecorder.addPeriodicEvent(GroupEvent.class, hook);
            if (closed) {
                FlightRecorder.removePeriodicEvent(hook);
            }
        } catch (Throwable e) {
            log.warn("Runtime {} is not recorded by Flight Recorder", runtime, e);
        }
    }

    private void close() {
        closed = true;
        try {
            FlightRecorder.removeListener(this);
            if (FlightRecorder.isInitialized()) {
                FlightRecorder.removePeriodicEvent(hook);
            }
        } catch (Throwable e) {
            log.warn("Runtime {} is not removed from Flight Recorder", runtime, e);
        }
    }

    private void recordAll() {
        try {
            for (Snapshot.Topic topic : snapshot.get().topics()) {
                topic.groups().forEach(group -> commit(topic.name(), group));
            }
        } catch (Throwable e) {
            log.debug("The groups of runtime {} are not recorded", runtime, e);
        }
    }

    private void commit(String name, Snapshot.Group group) {
        GroupEvent event = new GroupEvent();
        if (!event.isEnabled()) {
            return;
        }
        event.runtime = runtime;
        event.name = name;
        event.topic = group.topic();
        event.state = group.state().name();
        event.waiting = group.waiting();
        event.pendingMessages = group.pendingMessages();
        event.pendingBytes = group.pendingBytes();
        event.stored = group.stored();
        event.storedBytes = group.storedBytes();
        event.failed = group.failed();
        event.restarts = group.restarts();
        Duration oldest = Duration.ZERO;
        for (Snapshot.Producer producer : group.producers()) {
            event.restarts += producer.restarts();
            event.producers++;
            event.producersReady += producer.state() == ProducerState.READY ? 1 : 0;
            oldest = oldest.compareTo(producer.oldestInFlight()) < 0 ? producer.oldestInFlight() : oldest;
        }
        event.oldestInFlight = oldest.toMillis();
        event.commit();
    }
}
