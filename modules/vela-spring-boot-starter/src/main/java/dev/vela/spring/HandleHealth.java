package dev.vela.spring;

import dev.vela.ProducerState;
import dev.vela.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
            case STARTING, READY, DEGRADED -> Level.UP;
            case RESTARTING ->
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

    /** The last failure of a handle, or of what is under it, those that are not ready first; null if there was none. */
    static @Nullable String lastCause(Snapshot.Topic topic) {
        Throwable cause = topic.lastCause().orElse(null);
        for (Snapshot.Group group : topic.groups()) {
            if (cause == null) {
                cause = group.lastCause().orElse(null);
            }
        }
        for (Snapshot.Group group : topic.groups()) {
            for (Snapshot.Producer producer : group.producers()) {
                if (producer.lastCause().isPresent() && (cause == null || producer.state() != ProducerState.READY)) {
                    cause = producer.lastCause().get();
                }
            }
        }
        return cause == null ? null : text(cause);
    }

    static String text(Throwable cause) {
        String message = cause.getMessage();
        String name = cause.getClass().getSimpleName();
        return message == null ? name : name + ": " + message;
    }
}
