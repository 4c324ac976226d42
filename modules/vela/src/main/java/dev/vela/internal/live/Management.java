package dev.vela.internal.live;

import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.VelaMXBean;
import dev.vela.internal.checks.Checks;
import java.lang.ref.WeakReference;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
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
    private static final long NUMBERS_NANOS = 100_000_000;
    private static final Snapshot EMPTY = new Snapshot(List.of(), 0, 0, 0, 0);

    private final String name;
    private final String instance = randomId();
    private final Instant startedAt = Instant.now();
    private final boolean restartAllowed;
    private final EventLog events;
    private volatile @Nullable Vela vela;
    private final LongSupplier nanoTime;
    private volatile WeakReference<IdentityHashMap<Throwable, String>> causeTexts =
            new WeakReference<>(null); // of the last snapshot, until the garbage collector runs
    private volatile @Nullable Numbers numbers;
    private final AtomicReference<@Nullable List<Runnable>> withdrawals =
            new AtomicReference<>(); // null: not published

    /** What monitoring reads, all of one snapshot, which was taken at this time. */
    private record Numbers(long nanoTime, int producers, int down, long pendingMessages, long pendingBytes) {}

    /** Creates the view of a runtime; no tool finds it yet. */
    public Management(Vela vela, String name, boolean restartAllowed, EventLog events) {
        this(vela, name, restartAllowed, events, System::nanoTime);
    }

    Management(Vela vela, String name, boolean restartAllowed, EventLog events, LongSupplier nanoTime) {
        this.vela = vela;
        this.name = name;
        this.restartAllowed = restartAllowed;
        this.events = events;
        this.nanoTime = nanoTime;
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
            withdraw(places); // closed meanwhile
        }
    }

    private void register(List<Runnable> places) {
        try {
            places.add(JmxRegistration.of(name, this));
        } catch (NoClassDefFoundError e) {
            log.debug("There is no MBean server", e);
        } catch (Throwable e) {
            log.warn("Runtime {} is not registered with the MBean server", name, e);
        }
    }

    /** Withdraws it from where tools find it, and drops the runtime. Never throws; idempotent. */
    public void close() {
        vela = null;
        numbers = null;
        List<Runnable> places = withdrawals.getAndSet(List.of());
        if (places != null) {
            withdraw(places);
        }
    }

    private void withdraw(List<Runnable> places) {
        for (Runnable place : places) {
            try {
                place.run();
            } catch (Throwable e) {
                log.warn("Runtime {} is not withdrawn from all tools", name, e);
            }
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
    public String getInstance() {
        return instance;
    }

    @Override
    public String snapshotJson() {
        Snapshot snapshot = snapshot();
        JsonText json = new JsonText(SnapshotJson.expectedLength(snapshot)).beginObject();
        write(json, snapshot);
        return json.endObject().toString();
    }

    @Override
    public String report(long afterEvent) {
        Checks.atLeast("afterEvent", 0, afterEvent);
        Snapshot snapshot = snapshot();
        EventLog.Tail tail = events.after(afterEvent);
        JsonText json = new JsonText(SnapshotJson.expectedLength(snapshot));
        json.beginObject()
                .field("format", FORMAT)
                .field("instance", instance)
                .field("runtime", name)
                .field("pid", ProcessHandle.current().pid())
                .field("time", Instant.now())
                .field("startedAt", startedAt)
                .field("restartAllowed", isRestartAllowed())
                .beginObject("snapshot");
        write(json, snapshot);
        json.endObject().field("lastEvent", tail.last()).beginArray("events");
        tail.entries().forEach(entry -> write(json, entry));
        return json.endArray().endObject().toString();
    }

    private void write(JsonText json, Snapshot snapshot) {
        IdentityHashMap<Throwable, String> before = causeTexts.get();
        CauseTexts causes = new CauseTexts(before == null ? new IdentityHashMap<>() : before);
        new SnapshotJson(json, causes).write(snapshot);
        causeTexts = new WeakReference<>(causes.all());
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

    /** Those of the last snapshot, if that is recent: a tool reads all attributes one after the other. */
    private Numbers numbers() {
        long now = nanoTime.getAsLong();
        Numbers recent = numbers;
        if (recent != null && now - recent.nanoTime() < NUMBERS_NANOS) {
            return recent;
        }
        Numbers fresh = count(now, snapshot());
        numbers = fresh;
        if (vela == null) {
            numbers = null; // closed meanwhile
        }
        return fresh;
    }

    private static Numbers count(long now, Snapshot snapshot) {
        int producers = 0;
        int down = 0;
        for (Snapshot.Topic topic : snapshot.topics()) {
            for (Snapshot.Group group : topic.groups()) {
                for (Snapshot.Producer producer : group.producers()) {
                    producers++;
                    down += producer.state().isAlive() ? 0 : 1;
                }
            }
        }
        return new Numbers(now, producers, down, snapshot.pendingMessages(), snapshot.pendingBytes());
    }

    @Override
    public int getProducers() {
        return numbers().producers();
    }

    @Override
    public int getProducersDown() {
        return numbers().down();
    }

    @Override
    public long getPendingMessages() {
        return numbers().pendingMessages();
    }

    @Override
    public long getPendingBytes() {
        return numbers().pendingBytes();
    }

    // ---- what tools may do

    @Override
    public boolean isRestartAllowed() {
        return restartAllowed && vela != null;
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
