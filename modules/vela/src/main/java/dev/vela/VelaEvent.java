package dev.vela;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that happened to a producer or a group.
 *
 * @param type what happened
 * @param time when
 * @param name the name of the started producer that it happened in
 * @param topic the topic, or the partition's topic; empty for a child that is no producer
 * @param producer the producer's name as the broker knows it; empty for what happened to a group as a whole
 * @param cause why, where there is a reason
 */
public record VelaEvent(
        Type type, Instant time, String name, String topic, Optional<String> producer, Optional<Throwable> cause) {

    /** Refuses null. */
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
        /** A producer died; the cause says of what. */
        DIED,
        /** A producer, or a whole group, is started again. */
        RESTARTED,
        /** A producer was fenced by another one and stays down. */
        FENCED,
        /** A producer's topic is terminated, and it stays down. */
        TERMINATED,
        /** A producer was refused for its schema, authorization or configuration; tried again, ever more rarely. */
        REFUSED,
        /** Partitions that the topic got later are ready, and messages are routed to all of them. */
        PARTITIONS_GROWN,
        /** A group exceeded its restart intensity; its parent acts. */
        GROUP_FAILED,
        /**
         * A handle gave up for good: restarts of the whole exceeded the intensity above it. Or a child that is no producer
         * ended with a failure and is not started again; its name is free.
         */
        FAILED,
        /** A handle was stopped, or one of its producers. */
        STOPPED
    }
}
