package dev.vela.internal.runtime;

/** What a builder takes its topic for. */
public enum TopicKind {
    /** Whatever it is: the broker is asked. */
    EITHER,
    /** A topic without partitions, or one partition. */
    GROUP,
    /** A partitioned topic. */
    PARTITIONED
}
