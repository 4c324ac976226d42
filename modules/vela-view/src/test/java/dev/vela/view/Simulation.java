package dev.vela.view;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** An application whose runtime is acted out: its reports follow a script, and nothing is sent anywhere. */
final class Simulation implements Source {

    private static final JsonMapper JSON = new JsonMapper();

    /** A topic of the script. */
    record Topic(String name, int partitions, int producers, double rate) {}

    private static final class Producer {
        final String name;
        String state = "READY";
        Instant since;

        @Nullable
        String cause;

        long restarts;
        final String broker;

        Producer(String name, Instant since, String broker) {
            this.name = name;
            this.since = since;
            this.broker = broker;
        }

        boolean isAlive() {
            return state.equals("READY") || state.equals("RECONNECTING");
        }
    }

    private static final class Group {
        final List<Producer> producers = new ArrayList<>();
        double stored;
        double bytes;
        double pending;
    }

    private static final class Handle {
        final Topic topic;
        final List<Group> groups = new ArrayList<>();
        String state = "READY";
        Instant since;

        Handle(Topic topic, Instant since) {
            this.topic = topic;
            this.since = since;
        }
    }

    private final Clock clock;
    private final Random random = new Random(7);
    private final List<Handle> handles = new ArrayList<>();
    private final Deque<ObjectNode> events = new ArrayDeque<>();
    private String instance;
    private Instant startedAt;
    private Instant last;
    private long lastEvent;
    private int reads;
    private boolean restartAllowed = true;
    private boolean closed;
    private @Nullable String failure;
    private @Nullable String refusal;
    private CountDownLatch frozen = new CountDownLatch(0);

    /** Acts the given topics out, with time from the given clock. */
    Simulation(Clock clock, List<Topic> topics) {
        this.clock = clock;
        this.last = clock.instant();
        this.startedAt = last.minus(Duration.ofHours(3));
        this.instance = Long.toHexString(random.nextLong());
        for (Topic topic : topics) {
            Handle handle = new Handle(topic, startedAt);
            for (int p = 0; p < topic.partitions; p++) {
                Group group = new Group();
                for (int i = 0; i < topic.producers; i++) {
                    group.producers.add(new Producer(
                            topic.name + "-" + p + "-" + (char) ('a' + i),
                            startedAt.plusMillis(300L + p),
                            "broker-" + (p % 2 + 1) + ":6650"));
                }
                handle.groups.add(group);
            }
            handles.add(handle);
        }
    }

    /** A shop: eight partitions of orders, payments with a standby each, and an audit log. */
    static Simulation shop() {
        return new Simulation(
                Clock.systemUTC(),
                List.of(
                        new Topic("orders", 8, 1, 5_200),
                        new Topic("payments", 2, 2, 640),
                        new Topic("audit", 1, 1, 45)));
    }

    /** Ten partitions for each topic. */
    static Simulation ofTopics(int topics) {
        List<Topic> list = new ArrayList<>();
        for (int i = 0; i < topics; i++) {
            list.add(new Topic(String.format(Locale.ROOT, "topic-%04d", i), 10, 1, 20 + i % 50));
        }
        return new Simulation(Clock.systemUTC(), list);
    }

    @Override
    public String describe() {
        return "process 4711 (com.example.Shop)";
    }

    /** Has reads fail with this message, or succeed if it is null. */
    synchronized void fail(@Nullable String message) {
        failure = message;
    }

    /** Has restarts refused with this message, or allowed if it is null. */
    synchronized void refuse(@Nullable String message) {
        refusal = message;
    }

    synchronized void restartAllowed(boolean allowed) {
        restartAllowed = allowed;
    }

    /** Has reads block until {@link #thaw}. */
    synchronized void freeze() {
        frozen = new CountDownLatch(1);
    }

    synchronized void thaw() {
        frozen.countDown();
    }

    /** Starts the application anew. */
    synchronized void startAnew() {
        instance = Long.toHexString(random.nextLong());
        startedAt = clock.instant();
        lastEvent = 0;
        events.clear();
        for (Handle handle : handles) {
            set(handle, "READY");
            for (Group group : handle.groups) {
                group.stored = 0;
                group.bytes = 0;
                group.pending = 0;
                group.producers.forEach(producer -> set(producer, "READY", null));
            }
        }
    }

    synchronized String instance() {
        return instance;
    }

    synchronized int reads() {
        return reads;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Has a producer change its state. */
    synchronized void change(String topic, int partition, int index, String state, @Nullable String cause) {
        Handle handle = handle(topic);
        Producer producer = handle.groups.get(partition).producers.get(index);
        set(producer, state, cause);
        settle(handle);
        String type = switch (state) {
            case "RESTARTING" -> "DIED";
            case "RECONNECTING" -> null;
            default -> state;
        };
        if (type != null) {
            event(type, handle, partition, producer);
        }
    }

    private Handle handle(String name) {
        return handles.stream()
                .filter(handle -> handle.topic.name.equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("no producer is named " + name));
    }

    private void set(Producer producer, String state, @Nullable String cause) {
        producer.state = state;
        producer.since = clock.instant();
        producer.cause = cause;
        if (state.equals("RESTARTING")) {
            producer.restarts++;
        }
    }

    private void set(Handle handle, String state) {
        if (!handle.state.equals(state)) {
            handle.state = state;
            handle.since = clock.instant();
        }
    }

    private void settle(Handle handle) {
        long groups = handle.groups.stream()
                .filter(group -> state(group).equals("READY"))
                .count();
        boolean recovering =
                handle.groups.stream().anyMatch(group -> state(group).equals("RESTARTING"));
        set(
                handle,
                groups == handle.groups.size()
                        ? "READY"
                        : groups > 0
                                        || handle.groups.stream()
                                                .anyMatch(group ->
                                                        group.producers.stream().anyMatch(Producer::isAlive))
                                ? "DEGRADED"
                                : recovering ? "RESTARTING" : "DOWN");
    }

    private static String state(Group group) {
        long up = group.producers.stream().filter(Producer::isAlive).count();
        boolean standby = group.producers.stream().anyMatch(producer -> producer.state.equals("WAITING"));
        if (up == group.producers.size() || (up > 0 && standby)) {
            return "READY";
        }
        if (up > 0) {
            return "DEGRADED";
        }
        return group.producers.stream().anyMatch(producer -> producer.state.equals("RESTARTING"))
                ? "RESTARTING"
                : "DOWN";
    }

    private void event(String type, Handle handle, int partition, Producer producer) {
        ObjectNode event = JSON.createObjectNode();
        event.put("number", ++lastEvent);
        event.put("time", clock.instant().toString());
        event.put("type", type);
        event.put("name", handle.topic.name);
        event.put("topic", topic(handle.topic, partition));
        event.put("producer", producer.name);
        if (producer.cause != null) {
            event.put("cause", producer.cause);
        }
        events.add(event);
        while (events.size() > 1_000) {
            events.remove();
        }
    }

    private static String topic(Topic topic, int partition) {
        String whole = "persistent://public/default/" + topic.name;
        return topic.partitions == 1 ? whole : whole + "-partition-" + partition;
    }

    @Override
    public List<String> read(Map<String, Long> lastEvents) throws IOException {
        CountDownLatch gate;
        synchronized (this) {
            gate = frozen;
        }
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
        synchronized (this) {
            reads++;
            if (failure != null) {
                throw new IOException(failure);
            }
            flow();
            return List.of(report(lastEvents.getOrDefault(instance, 0L)).toString());
        }
    }

    private void flow() {
        Instant now = clock.instant();
        double seconds = Math.min(10, Duration.between(last, now).toMillis() / 1000.0);
        double wave = 1 + 0.25 * Math.sin(now.toEpochMilli() / 9_000.0);
        last = now;
        for (Handle handle : handles) {
            for (Group group : handle.groups) {
                double arrived = handle.topic.rate
                        / handle.topic.partitions
                        * seconds
                        * wave
                        * (0.9 + 0.2 * random.nextDouble());
                boolean flows = group.producers.stream().anyMatch(producer -> producer.state.equals("READY"));
                if (flows) {
                    double stored = arrived + group.pending * 0.8;
                    group.stored += stored;
                    group.bytes += stored * 310;
                    group.pending = arrived * 0.02;
                } else {
                    group.pending += arrived;
                }
            }
        }
    }

    private ObjectNode report(long afterEvent) {
        ObjectNode report = JSON.createObjectNode();
        report.put("format", 1);
        report.put("instance", instance);
        report.put("runtime", "shop");
        report.put("pid", 4711);
        report.put("time", last.toString());
        report.put("startedAt", startedAt.toString());
        report.put("restartAllowed", restartAllowed);
        ObjectNode snapshot = report.putObject("snapshot");
        double pending = 0;
        ArrayNode topics = JSON.createArrayNode();
        for (Handle handle : handles) {
            topics.add(topic(handle));
            pending +=
                    handle.groups.stream().mapToDouble(group -> group.pending).sum();
        }
        snapshot.put("pendingMessages", (long) pending);
        snapshot.put("pendingBytes", (long) (pending * 310));
        snapshot.put("maxPendingMessages", 1_000_000);
        snapshot.put("maxPendingBytes", 256L << 20);
        snapshot.set("topics", topics);
        report.put("lastEvent", lastEvent);
        ArrayNode list = report.putArray("events");
        events.stream()
                .filter(event -> event.path("number").asLong() > afterEvent)
                .forEach(list::add);
        return report;
    }

    private ObjectNode topic(Handle handle) {
        ObjectNode node = JSON.createObjectNode();
        node.put("name", handle.topic.name);
        node.put("topic", "persistent://public/default/" + handle.topic.name);
        node.put("state", handle.state);
        node.put("since", handle.since.toString());
        node.put("restarts", 0);
        node.put("partitions", handle.topic.partitions);
        node.put("waiting", 0);
        node.put("pendingMessages", (long)
                handle.groups.stream().mapToDouble(group -> group.pending).sum());
        ArrayNode groups = node.putArray("groups");
        for (int p = 0; p < handle.groups.size(); p++) {
            groups.add(group(handle, p));
        }
        return node;
    }

    private ObjectNode group(Handle handle, int partition) {
        Group group = handle.groups.get(partition);
        ObjectNode node = JSON.createObjectNode();
        node.put("topic", topic(handle.topic, partition));
        node.put("state", state(group));
        node.put("restarts", 0);
        node.put("waiting", 0);
        node.put("pendingMessages", (long) group.pending);
        node.put("pendingBytes", (long) (group.pending * 310));
        node.put("stored", (long) group.stored);
        node.put("storedBytes", (long) group.bytes);
        node.put("failed", 0);
        ArrayNode producers = node.putArray("producers");
        for (int i = 0; i < group.producers.size(); i++) {
            Producer producer = group.producers.get(i);
            ObjectNode one = producers.addObject();
            one.put("name", producer.name);
            one.put("index", i);
            one.put("state", producer.state);
            one.put("since", producer.since.toString());
            if (producer.cause != null) {
                one.put("cause", producer.cause);
            }
            one.put("restarts", producer.restarts);
            one.put("inFlight", producer.state.equals("READY") ? (long) group.pending : 0);
            one.put("oldestInFlightMillis", producer.state.equals("READY") ? 1 + random.nextInt(6) : 0);
            if (producer.isAlive()) {
                one.put("broker", producer.broker);
            }
        }
        return node;
    }

    @Override
    public synchronized void restart(String instance, String name) throws IOException {
        if (refusal != null) {
            throw new IOException(refusal);
        }
        if (!instance.equals(this.instance)) {
            throw new IOException("no runtime has the id " + instance);
        }
        Handle handle = handle(name);
        for (int p = 0; p < handle.groups.size(); p++) {
            for (Producer producer : handle.groups.get(p).producers) {
                if (!producer.isAlive() && !producer.state.equals("WAITING")) {
                    set(producer, "READY", null);
                    event("RESTARTED", handle, p, producer);
                    event("READY", handle, p, producer);
                }
            }
        }
        settle(handle);
    }

    @Override
    public synchronized void close() {
        closed = true;
        frozen.countDown();
    }
}
