package dev.vela;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The whole tree of a runtime at one moment. Immutable.
 *
 * @param topics the started producers, in the order of their start
 * @param pendingMessages messages accepted and not answered, over all of them
 * @param pendingBytes their size
 */
public record Snapshot(List<Topic> topics, long pendingMessages, long pendingBytes) {

    /** Copies the list. Numbers are taken as they are, for they may have been read while they changed. */
    public Snapshot {
        topics = copy("topics", topics);
    }

    private static <E> List<E> copy(String name, List<E> list) {
        Objects.requireNonNull(list, name).forEach(element -> Objects.requireNonNull(element, name));
        return List.copyOf(list);
    }

    /**
     * One started producer: a group, or a partitioned producer with a group for each partition.
     *
     * @param name its name in the runtime
     * @param topic the topic, without partition
     * @param state where it is as a whole
     * @param lastCause what last went wrong at its own level, if anything did
     * @param restarts how often it was restarted as a whole
     * @param partitions how many partitions messages are routed to; 0 for a topic without
     * @param groups its groups, in partition order; a single one for a topic without partitions. Those beyond
     *     {@code partitions} are of new partitions: nothing is routed to them until all of them are ready
     */
    public record Topic(
            String name,
            String topic,
            HandleState state,
            Optional<Throwable> lastCause,
            int restarts,
            int partitions,
            List<Group> groups) {

        /** Copies the list. */
        public Topic {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(lastCause, "lastCause");
            groups = copy("groups", groups);
        }
    }

    /**
     * The group of one topic or partition.
     *
     * @param topic the topic or the partition's topic
     * @param state where it is as a whole
     * @param lastCause what last went wrong at its own level, if anything did
     * @param restarts how often the group was restarted as a whole
     * @param waiting messages accepted that wait for a producer to take them
     * @param pendingMessages messages accepted and not answered, those that wait included
     * @param pendingBytes their size
     * @param producers its producers, by index
     */
    public record Group(
            String topic,
            HandleState state,
            Optional<Throwable> lastCause,
            int restarts,
            int waiting,
            long pendingMessages,
            long pendingBytes,
            List<Producer> producers) {

        /** Copies the list. */
        public Group {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(lastCause, "lastCause");
            producers = copy("producers", producers);
        }
    }

    /**
     * One producer of a group.
     *
     * @param name its producer name, as the broker knows it, unless the broker held that to be taken for too long: then the
     *     broker knows it with a number behind
     * @param topic the topic or partition that it publishes to
     * @param index its index in the group
     * @param state where it is in its life
     * @param lastCause what it last died of or was refused for, if anything
     * @param restarts how often it was started again
     * @param inFlight messages handed to it whose receipt has not come
     * @param oldestInFlight how long the oldest of them has been on its way; zero if none is
     */
    public record Producer(
            String name,
            String topic,
            int index,
            ProducerState state,
            Optional<Throwable> lastCause,
            int restarts,
            int inFlight,
            Duration oldestInFlight) {

        /** Refuses null. */
        public Producer {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(lastCause, "lastCause");
            Objects.requireNonNull(oldestInFlight, "oldestInFlight");
        }
    }
}
