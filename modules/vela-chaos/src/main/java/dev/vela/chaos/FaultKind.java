package dev.vela.chaos;

import java.time.Duration;
import java.util.Locale;

/** The kinds of faults that a run can inject. */
enum FaultKind {
    BROKER_KILLED("broker killed, started again at its end", Where.CLUSTER, 1, 6),
    BROKER_FROZEN("broker frozen for 40 s", Where.CLUSTER, 40, 40),
    BROKER_PAUSED("broker frozen for a moment", Where.CLUSTER, 2, 8),
    BOOKIE_KILLED("bookie killed, started again at its end", Where.CLUSTER, 2, 8),
    ZOOKEEPER_FROZEN("ZooKeeper frozen", Where.CLUSTER, 5, 20),
    TCP_CUT("connections reset, twice a second", Where.CLUSTER, 2, 6),
    TCP_DELAYED("connections delayed by 150 ms each way", Where.CLUSTER, 4, 12),
    TCP_HELD("bytes kept on the way, and delivered at its end", Where.CLUSTER, 4, 20),
    TCP_HALF_OPEN("bytes taken and lost, both ways", Where.CLUSTER, 4, 20),
    RECEIPTS_LOST("bytes to the client taken and lost", Where.CLUSTER, 3, 12),
    TOPIC_UNLOADED("topic unloaded, every second", Where.CLUSTER, 4, 8),
    BUNDLE_SPLIT("namespace bundles split and unloaded, every second", Where.CLUSTER, 4, 8),
    TOPIC_TERMINATED("topic terminated; deleted and made again at its end", Where.SIDE_TOPIC, 4, 8),
    TOPIC_DELETED("topic deleted, made again at its end", Where.SIDE_TOPIC, 2, 8),
    QUOTA_EXCEEDED("backlog quota exceeded", Where.SIDE_TOPIC, 6, 10),
    RIVAL_FENCES("a rival fences the producers of a partition", Where.SIDE_TOPIC, 3, 8),
    RIVAL_HOLDS_NAME("a rival holds the name of a producer", Where.MAIN_TOPIC, 4, 10),
    SCHEMA_INCOMPATIBLE("schema made incompatible", Where.SIDE_TOPIC, 4, 10),
    TOKEN_EXPIRED("the application's token is expired, and its connections reset", Where.CLUSTER, 3, 12),
    PARTITIONS_GROWN("a partition added", Where.MAIN_TOPIC, 1, 1),
    LEADER_CUT("the leader's network cut, and healed while its rival leads", Where.CANDIDATES, 13, 17),
    RIVAL_LEADS("a rival becomes the leader, and goes", Where.CANDIDATES, 3, 6),
    APPLICATION_KILLED("application killed, started again at its end", Where.APPLICATION, 1, 3),
    OVERSIZE("messages too large for the broker", Where.APPLICATION, 2, 5),
    POISON("messages that cannot be encoded", Where.APPLICATION, 2, 6),
    CALLBACKS_THROW("callbacks that throw", Where.APPLICATION, 2, 8),
    CALLBACKS_BLOCK("callbacks that block", Where.APPLICATION, 3, 8),
    CALLBACKS_SEND("callbacks that send", Where.APPLICATION, 3, 8),
    FLOOD("more than budgets and queues hold", Where.APPLICATION, 2, 4),
    SHORT_LIVED_HANDLES("handles started, used once and closed", Where.APPLICATION, 4, 8),
    RUNTIMES_CLOSED("runtimes opened and closed on a client that lives on", Where.APPLICATION, 4, 8);

    /**
     * The target of a fault. Faults of the application run in parallel with the others; the others run one after
     * another.
     */
    enum Where {
        CLUSTER,
        MAIN_TOPIC,
        SIDE_TOPIC,
        CANDIDATES,
        APPLICATION
    }

    private final String words;
    private final Where where;
    private final Duration shortest;
    private final Duration longest;

    FaultKind(String words, Where where, int shortestSeconds, int longestSeconds) {
        this.words = words;
        this.where = where;
        this.shortest = Duration.ofSeconds(shortestSeconds);
        this.longest = Duration.ofSeconds(longestSeconds);
    }

    /** Returns the name in reports and on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String words() {
        return words;
    }

    Where where() {
        return where;
    }

    /** Whether this fault can be injected in a run with this setup. */
    boolean isFor(Setup setup) {
        return switch (this) {
            case LEADER_CUT, RIVAL_LEADS -> setup.hasCandidates();
            case SHORT_LIVED_HANDLES, RUNTIMES_CLOSED -> setup.subject() == Subject.VELA;
            default -> true;
        };
    }

    Duration shortest() {
        return shortest;
    }

    Duration longest() {
        return longest;
    }
}
