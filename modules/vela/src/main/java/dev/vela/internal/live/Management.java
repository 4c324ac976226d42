package dev.vela.internal.live;

import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.VelaMXBean;
import dev.vela.internal.checks.Checks;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tools see of one runtime, and the places where they find it: the MBean server, and Flight Recorder.
 *
 * <p>Once closed, it no longer refers to the runtime, but still has the runtime's last events.
 */
public final class Management implements VelaMXBean {
    private static final Logger log = LoggerFactory.getLogger(Management.class);

    private static final int FORMAT = 1;
    private static final int INSTANCE_BYTES = 8;
    private static final Snapshot EMPTY = new Snapshot(List.of(), 0, 0, 0, 0);

    private final String name;
    private final String instance = randomId();
    private final Instant startedAt = Instant.now();
    private final boolean restartAllowed;
    private final EventLog events;
    private volatile @Nullable Vela vela;
    private volatile IdentityHashMap<Throwable, String> causeTexts =
            new IdentityHashMap<>(); // of the last snapshot; replaced, never changed
    private final AtomicReference<@Nullable List<Runnable>> withdrawals =
            new AtomicReference<>(); // null: not published

    /** Creates the view of a runtime; no tool finds it yet. */
    public Management(Vela vela, String name, boolean restartAllowed, EventLog events) {
        this.vela = vela;
        this.name = name;
        this.restartAllowed = restartAllowed;
        this.events = events;
    }

    private static String randomId() {
        byte[] random = new byte[INSTANCE_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    // ---- where tools find it

    /**
     * Lets tools find it. Never throws.
     *
     * @param jmx whether to register it with the platform's MBean server
     */
    public void publish(boolean jmx) {
        List<Runnable> places = new ArrayList<>();
        places.add(Flight.addGroups(name, this::snapshot));
        if (jmx) {
            register(places);
        }
        if (!withdrawals.compareAndSet(null, places)) {
            places.forEach(Runnable::run); // closed meanwhile
        }
    }

    private void register(List<Runnable> places) {
        try {
            places.add(JmxRegistration.of(name, this));
        } catch (Exception | LinkageError e) { // the Java runtime may lack the module
            log.warn("Runtime {} is not registered with the MBean server", name, e);
        }
    }

    /** Withdraws it from where tools find it, and drops the runtime. Never throws; idempotent. */
    public void close() {
        vela = null;
        causeTexts = new IdentityHashMap<>();
        List<Runnable> places = withdrawals.getAndSet(List.of());
        if (places != null) {
            places.forEach(Runnable::run);
        }
    }

    // ---- what tools see

    private Snapshot snapshot() {
        Vela open = vela;
        return open == null ? EMPTY : open.snapshot();
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getSnapshotJson() {
        Snapshot snapshot = snapshot();
        JsonText json = new JsonText(SnapshotJson.expectedLength(snapshot)).beginObject();
        write(json, snapshot);
        return json.endObject().toString();
    }

    @Override
    public String report(long afterEvent) {
        Checks.atLeast("afterEvent", 0, afterEvent);
        Snapshot snapshot = snapshot(); // before the events, which then tell of all that it shows
        EventLog.Tail tail = events.after(afterEvent);
        JsonText json = new JsonText(SnapshotJson.expectedLength(snapshot));
        json.beginObject()
                .field("format", FORMAT)
                .field("instance", instance)
                .field("runtime", name)
                .field("pid", ProcessHandle.current().pid())
                .field("time", Instant.now())
                .field("startedAt", startedAt)
                .field("restartAllowed", restartAllowed)
                .beginObject("snapshot");
        write(json, snapshot);
        json.endObject().field("lastEvent", tail.last()).beginArray("events");
        tail.entries().forEach(entry -> write(json, entry));
        return json.endArray().endObject().toString();
    }

    private void write(JsonText json, Snapshot snapshot) {
        CauseTexts causes = new CauseTexts(causeTexts);
        new SnapshotJson(json, causes).write(snapshot);
        causeTexts = causes.all();
        if (vela == null) {
            causeTexts = new IdentityHashMap<>(); // closed meanwhile
        }
    }

    private static void write(JsonText json, EventLog.Entry event) {
        json.beginObject()
                .field("number", event.number())
                .field("time", event.time())
                .field("type", event.type())
                .field("name", event.name())
                .field("topic", event.topic())
                .field("producer", event.producer())
                .field("cause", event.cause())
                .endObject();
    }

    private Stream<Snapshot.Producer> producers() {
        return snapshot().topics().stream()
                .flatMap(topic -> topic.groups().stream())
                .flatMap(group -> group.producers().stream());
    }

    @Override
    public int getProducers() {
        return (int) producers().count();
    }

    @Override
    public int getProducersDown() {
        return (int) producers().filter(producer -> !producer.state().isAlive()).count();
    }

    @Override
    public long getPendingMessages() {
        return snapshot().pendingMessages();
    }

    @Override
    public long getPendingBytes() {
        return snapshot().pendingBytes();
    }

    // ---- what tools may do

    @Override
    public boolean isRestartAllowed() {
        return restartAllowed;
    }

    @Override
    public void restart(String producer) {
        Objects.requireNonNull(producer, "name");
        if (!restartAllowed) {
            throw new IllegalStateException("restart is turned off in runtime " + Checks.text(name));
        }
        Vela open = vela;
        SupervisedProducer<?> found = open == null ? null : open.find(producer).orElse(null);
        if (found == null) {
            throw new IllegalArgumentException(
                    "name must be that of a producer started in runtime " + name + ", was " + Checks.text(producer));
        }
        log.info("A tool restarts the producers of {} that are down", producer);
        found.restart();
    }
}
