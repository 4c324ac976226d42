package dev.vela;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An event in the life of a producer or a group.
 *
 * @param type what happened
 * @param time when
 * @param name the name of the started producer in which the event happened
 * @param topic the topic, or the partition's topic; empty for a child that is not a producer
 * @param producer the producer's name as the broker knows it; empty for an event of a whole group
 * @param cause the reason, if there is one
 */
public record VelaEvent(
        Type type, Instant time, String name, String topic, Optional<String> producer, Optional<Throwable> cause) {

    /** Creates an event and refuses null. */
    public VelaEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(producer, "producer");
        Objects.requireNonNull(cause, "cause");
    }

    /** What happened. */
    public enum Type {
        /** A handle was started, or a producer began its first attempt. */
        STARTED,
        /** A producer can take messages. */
        READY,
        /** A producer waits for exclusive access. */
        WAITING,
        /** A producer died; the cause says why. */
        DIED,
        /** A producer, a whole group, or a whole handle, is restarted; the cause is its last failure. */
        RESTARTED,
        /** A producer was fenced by another producer and stays down. */
        FENCED,
        /** A producer's topic is terminated, and it stays down. */
        TERMINATED,
        /** A producer was refused for its schema, authorization or configuration; retried at growing intervals. */
        REFUSED,
        /** Partitions that the topic got later are ready, and messages are routed to all of them. */
        PARTITIONS_GROWN,
        /** A group exceeded its restart intensity; its parent acts. */
        GROUP_FAILED,
        /**
         * A handle gave up for good: its restarts as a whole exceeded the intensity above it. Or a child that is not a
         * producer ended with a failure and is not restarted; its name is free.
         */
        FAILED,
        /** A handle was stopped, or one of its producers. */
        STOPPED
    }
}
