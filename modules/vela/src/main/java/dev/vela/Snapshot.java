package dev.vela;

import dev.vela.internal.live.CauseText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The whole tree of a runtime at one moment. Immutable.
 *
 * @param topics the started producers, in the order of their start
 * @param pendingMessages messages accepted and not answered, over all producers
 * @param pendingBytes the size of those messages
 * @param maxPendingMessages how many messages may be pending: see {@link VelaBuilder#maxPendingMessages}
 * @param maxPendingBytes how many bytes may be pending: {@link VelaBuilder#maxPendingBytes}, or the memory limit of the
 *     client, if lower
 */
public record Snapshot(
        List<Topic> topics, long pendingMessages, long pendingBytes, long maxPendingMessages, long maxPendingBytes) {

    /**
     * Creates a snapshot and copies the list. Numbers are not checked, since they may have been read while they
     * changed.
     */
    public Snapshot {
        topics = copy("topics", topics);
    }

    /**
     * The text of a failure as tools show it: the simple name of its class and its message, on one line, at most 300
     * characters, with {@code ***} in place of what looks like a secret. For code that shows a snapshot to others. Never
     * throws, except for null.
     */
    public static String causeText(Throwable cause) {
        return CauseText.of(Objects.requireNonNull(cause, "cause"));
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
     * @param state its state as a whole
     * @param since when it came to this state, to a second
     * @param lastCause the last failure at its own level, if any
     * @param restarts how often the producer was restarted as a whole
     * @param partitions how many partitions messages are routed to; 0 for a topic without partitions
     * @param waiting messages accepted that wait for a producer to take them, of its groups and of no partition yet
     * @param pendingMessages messages accepted and not answered, those of no partition yet included
     * @param failed messages answered with a failure or refused since the producer was started, of its groups and of no
     *     partition
     * @param groups its groups, in partition order; a single one for a topic without partitions. Groups beyond
     *     {@code partitions} belong to new partitions: nothing is routed to them until all of them are ready
     */
    public record Topic(
            String name,
            String topic,
            HandleState state,
            Instant since,
            Optional<Throwable> lastCause,
            int restarts,
            int partitions,
            int waiting,
            long pendingMessages,
            long failed,
            List<Group> groups) {

        /** Creates a snapshot and copies the list. */
        public Topic {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(since, "since");
            Objects.requireNonNull(lastCause, "lastCause");
            groups = copy("groups", groups);
        }
    }

    /**
     * The group of one topic or partition.
     *
     * @param topic the topic or the partition's topic
     * @param state its state as a whole
     * @param lastCause the last failure at its own level, if any
     * @param restarts how often the group was restarted as a whole
     * @param waiting messages accepted that wait for a producer to take them
     * @param pendingMessages messages accepted and not answered, waiting messages included
     * @param pendingBytes the size of those messages
     * @param stored messages answered with a receipt since the group was created, duplicates included; restarts do not
     *     reset it. A message whose answer was a timeout does not count, although the broker may have stored it
     * @param storedBytes the size of those messages, before compression
     * @param failed messages answered with a failure since then, and messages refused by this group
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
            long stored,
            long storedBytes,
            long failed,
            List<Producer> producers) {

        /** Creates a snapshot and copies the list. */
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
     * @param name its producer name, as the broker knows it; if the broker reported the name as taken for too long, the
     *     broker knows the producer by this name with a number appended
     * @param topic the topic or partition that it publishes to
     * @param index its index in the group
     * @param state its state
     * @param since when it came to this state
     * @param lastCause why it last died or was refused, if it ever did
     * @param restarts how often it was restarted
     * @param inFlight messages handed to it without a receipt yet
     * @param oldestInFlight how long the oldest of those messages has been in flight; zero if none is
     * @param broker the broker that it is connected to, as {@code host:port}; empty if it is not connected or cannot
     *     send, or if the client does not tell
     */
    public record Producer(
            String name,
            String topic,
            int index,
            ProducerState state,
            Instant since,
            Optional<Throwable> lastCause,
            int restarts,
            int inFlight,
            Duration oldestInFlight,
            Optional<String> broker) {

        /** Creates a snapshot and refuses null. */
        public Producer {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(since, "since");
            Objects.requireNonNull(lastCause, "lastCause");
            Objects.requireNonNull(oldestInFlight, "oldestInFlight");
            Objects.requireNonNull(broker, "broker");
        }
    }
}
