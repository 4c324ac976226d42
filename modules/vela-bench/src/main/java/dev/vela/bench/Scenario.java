package dev.vela.bench;

import static dev.vela.bench.Subject.OFFICIAL;
import static dev.vela.bench.Subject.OFFICIAL_CALLBACK;
import static dev.vela.bench.Subject.OFFICIAL_EACH;
import static dev.vela.bench.Subject.OFFICIAL_UNBATCHED;
import static dev.vela.bench.Subject.SOCKET;
import static dev.vela.bench.Subject.VELA;
import static dev.vela.bench.Subject.VELA_AT_INTERVAL;
import static dev.vela.bench.Subject.VELA_CALLBACK;
import static dev.vela.bench.Subject.VELA_DROP_IN;
import static dev.vela.bench.Subject.VELA_METRICS;
import static dev.vela.bench.Subject.VELA_UNBATCHED;

import java.util.List;

/** The work that some subjects do in turn, on one topic. */
@SuppressWarnings("ImmutableEnumChecker") // their records and lists never change
enum Scenario {
    NON_PERSISTENT_1(
            "nonPersistent1",
            Load.flood(1),
            Topic.NON_PERSISTENT,
            OFFICIAL,
            VELA,
            OFFICIAL_CALLBACK,
            VELA_CALLBACK,
            VELA_DROP_IN,
            SOCKET),
    METRICS("metrics", Load.flood(1), Topic.NON_PERSISTENT, VELA, VELA_METRICS),
    NON_PERSISTENT_4("nonPersistent4", Load.flood(4), Topic.NON_PERSISTENT, OFFICIAL, OFFICIAL_EACH, VELA),
    PERSISTENT_1("persistent1", Load.flood(1), Topic.PERSISTENT, OFFICIAL, VELA, SOCKET),
    PERSISTENT_4("persistent4", Load.flood(4), Topic.PERSISTENT, OFFICIAL, VELA),
    KEYED_8("keyed8", Load.flood(4).withKeys(4_096), Topic.NON_PERSISTENT_8, OFFICIAL, VELA),
    WIDE_KEYED_16("wideKeyed16", Load.wide().withKeys(10_000), Topic.PERSISTENT_16, OFFICIAL, VELA, VELA_AT_INTERVAL),
    WIDE_KEYED_128(
            "wideKeyed128", Load.wide().withKeys(10_000), Topic.PERSISTENT_128, OFFICIAL, VELA, VELA_AT_INTERVAL),
    WIDE_KEYED_1000(
            "wideKeyed1000", Load.wide().withKeys(10_000), Topic.PERSISTENT_1000, OFFICIAL, VELA, VELA_AT_INTERVAL),
    WIDE_UNKEYED_128("wideUnkeyed128", Load.wide(), Topic.PERSISTENT_128, OFFICIAL, VELA, VELA_AT_INTERVAL),
    WIDE_UNKEYED_1000("wideUnkeyed1000", Load.wide(), Topic.PERSISTENT_1000, OFFICIAL, VELA, VELA_AT_INTERVAL),
    ONE_KIB("oneKib", Load.flood(4).withMessageBytes(1024), Topic.NON_PERSISTENT, OFFICIAL, VELA),
    UNBATCHED("unbatched", Load.flood(1), Topic.PERSISTENT, OFFICIAL_UNBATCHED, VELA_UNBATCHED),
    LATENCY_IDLE(
            "latencyIdle", Load.paced(1_000), Topic.PERSISTENT, OFFICIAL_UNBATCHED, VELA, OFFICIAL, VELA_UNBATCHED),
    LATENCY_5K("latency5k", Load.paced(5_000), Topic.PERSISTENT, OFFICIAL_UNBATCHED, VELA, OFFICIAL),
    LATENCY_20K("latency20k", Load.paced(20_000), Topic.PERSISTENT, OFFICIAL_UNBATCHED, VELA, OFFICIAL),
    LATENCY_50K("latency50k", Load.paced(50_000), Topic.PERSISTENT, OFFICIAL_UNBATCHED, VELA, OFFICIAL),
    HANDLES_1("handles1", Load.idle(1), Topic.NON_PERSISTENT, OFFICIAL, VELA),
    HANDLES_100("handles100", Load.idle(100), Topic.NON_PERSISTENT, OFFICIAL, VELA),
    HANDLES_1000("handles1000", Load.idle(1_000), Topic.NON_PERSISTENT, OFFICIAL, VELA),
    HANDLES_10000("handles10000", Load.idle(10_000), Topic.NON_PERSISTENT, OFFICIAL, VELA),
    PARTITIONS_10("partitions10", Load.idle(1), Topic.NON_PERSISTENT_10, OFFICIAL, VELA),
    PARTITIONS_100("partitions100", Load.idle(1), Topic.NON_PERSISTENT_100, OFFICIAL, VELA),
    PARTITIONS_1000("partitions1000", Load.idle(1), Topic.NON_PERSISTENT_1000, OFFICIAL, VELA);

    private static final int WIDE = 1_000;

    private final String label;
    private final Load load;
    private final Topic topic;
    private final List<Subject> subjects;

    /** The kind of topic; without partitions unless the name says otherwise. */
    enum Topic {
        NON_PERSISTENT("non-persistent", 0),
        NON_PERSISTENT_8("non-persistent", 8),
        NON_PERSISTENT_10("non-persistent", 10),
        NON_PERSISTENT_100("non-persistent", 100),
        NON_PERSISTENT_1000("non-persistent", 1000),
        PERSISTENT("persistent", 0),
        PERSISTENT_16("persistent", 16),
        PERSISTENT_128("persistent", 128),
        PERSISTENT_1000("persistent", 1000);

        private final String domain;
        private final int partitions;

        Topic(String domain, int partitions) {
            this.domain = domain;
            this.partitions = partitions;
        }

        String domain() {
            return domain;
        }

        /** Returns the number of partitions; 0 for a topic without partitions. */
        int partitions() {
            return partitions;
        }
    }

    /**
     * The load of a scenario.
     *
     * @param handles the number of producers that one client opens, each on a topic of its own if it is more than 1
     * @param threads the number of sending threads; 0 if nothing is sent
     * @param keys the number of different keys; 0 for messages without keys
     * @param rate the number of messages per second; 0 for as many as possible
     * @param mostOutstanding the maximum number of messages without a receipt, over all threads, whatever the plan says
     */
    record Load(int handles, int threads, int messageBytes, int keys, int rate, int mostOutstanding) {

        private static final int MESSAGE_BYTES = 100;

        static Load flood(int threads) {
            return new Load(1, threads, MESSAGE_BYTES, 0, 0, Integer.MAX_VALUE);
        }

        /** One thread, with few messages outstanding for each of many partitions. */
        static Load wide() {
            return new Load(1, 1, MESSAGE_BYTES, 0, 0, 20_000);
        }

        static Load paced(int rate) {
            return new Load(1, 1, MESSAGE_BYTES, 0, rate, Integer.MAX_VALUE);
        }

        /** Nothing is sent: producers are opened, and left idle. */
        static Load idle(int handles) {
            return new Load(handles, 0, 0, 0, 0, 0);
        }

        Load withKeys(int different) {
            return new Load(handles, threads, messageBytes, different, rate, mostOutstanding);
        }

        Load withMessageBytes(int bytes) {
            return new Load(handles, threads, bytes, keys, rate, mostOutstanding);
        }

        boolean isPaced() {
            return rate > 0;
        }

        boolean isIdle() {
            return threads == 0;
        }
    }

    Scenario(String label, Load load, Topic topic, Subject... subjects) {
        this.label = label;
        this.load = load;
        this.topic = topic;
        this.subjects = List.of(subjects);
    }

    /** Returns the number of producers of a topic or a partition that each subject opens. */
    int width() {
        return load.handles() * Math.max(1, topic.partitions());
    }

    /** Whether threads and idle CPU are measured: with fewer producers, those of the client itself dominate. */
    boolean isWide() {
        return width() >= WIDE;
    }

    /** Whether another scenario opens the same kind of producers, but more of them. */
    boolean isNarrowerThan(Scenario other) {
        return load.isIdle()
                && other.load.isIdle()
                && (topic.partitions() == 0) == (other.topic.partitions() == 0)
                && width() < other.width();
    }

    /** Returns the name in reports. */
    String label() {
        return label;
    }

    Load load() {
        return load;
    }

    Topic topic() {
        return topic;
    }

    List<Subject> subjects() {
        return subjects;
    }
}
