package dev.vela.spring;

import dev.vela.HandleState;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The health of a handle, in words that both lines of Spring Boot can use. */
record HandleHealth(Level level, Map<String, Object> details) {

    /** What Boot's statuses of the same names say. */
    enum Level {
        UP,
        OUT_OF_SERVICE,
        DOWN
    }

    /** The health of a handle; null if it is being stopped, or was stopped. */
    static @Nullable HandleHealth of(Snapshot.Topic topic, Duration grace, Instant now) {
        Level level = switch (topic.state()) {
            case READY, DEGRADED -> Level.UP;
            case STARTING, RESTARTING ->
                Duration.between(topic.since(), now).compareTo(grace) < 0 ? Level.UP : Level.OUT_OF_SERVICE;
            case DOWN, FAILED -> Level.DOWN;
            case STOPPING, STOPPED -> null;
        };
        return level == null ? null : new HandleHealth(level, details(topic));
    }

    private static Map<String, Object> details(Snapshot.Topic topic) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("topic", topic.topic());
        details.put("state", topic.state().name());
        details.put("since", topic.since().toString());
        String cause = lastCause(topic);
        if (cause != null) {
            details.put("lastCause", cause);
        }
        Map<String, Integer> producers = new TreeMap<>();
        long pending = 0;
        for (Snapshot.Group group : topic.groups()) {
            group.producers()
                    .forEach(producer ->
                            producers.merge(producer.state().name().toLowerCase(Locale.ROOT), 1, Integer::sum));
            pending += group.pendingMessages();
        }
        details.put("producers", producers);
        details.put("pendingMessages", pending);
        return details;
    }

    /**
     * The failure that tells most about a handle; null if there was none. What gave up is above what it had beneath, and
     * what is not ready is above what was mended since.
     */
    static @Nullable String lastCause(Snapshot.Topic topic) {
        Stream<Optional<Throwable>> whatGaveUp = Stream.concat(
                Stream.of(topic)
                        .filter(handle -> handle.state() == HandleState.FAILED)
                        .map(Snapshot.Topic::lastCause),
                topic.groups().stream()
                        .filter(group -> group.state() == HandleState.FAILED)
                        .map(Snapshot.Group::lastCause));
        Stream<Optional<Throwable>> whatIsNotReady = producers(topic)
                .filter(producer -> producer.state() != ProducerState.READY)
                .map(Snapshot.Producer::lastCause);
        Stream<Optional<Throwable>> whatWas = Stream.of(
                        Stream.of(topic.lastCause()),
                        topic.groups().stream().map(Snapshot.Group::lastCause),
                        producers(topic).map(Snapshot.Producer::lastCause))
                .flatMap(causes -> causes);
        return Stream.of(whatGaveUp, whatIsNotReady, whatWas)
                .flatMap(causes -> causes)
                .flatMap(Optional::stream)
                .findFirst()
                .map(Snapshot::causeText)
                .orElse(null);
    }

    private static Stream<Snapshot.Producer> producers(Snapshot.Topic topic) {
        return topic.groups().stream().flatMap(group -> group.producers().stream());
    }
}
