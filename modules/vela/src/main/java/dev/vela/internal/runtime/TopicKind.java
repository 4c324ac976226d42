package dev.vela.internal.runtime;

/** The kind of topic that a builder expects. */
public enum TopicKind {
    /** Any kind: the broker is asked. */
    EITHER,
    /** A topic without partitions, or one partition. */
    GROUP,
    /** A partitioned topic. */
    PARTITIONED
}
