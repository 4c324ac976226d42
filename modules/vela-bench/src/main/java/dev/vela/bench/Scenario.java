package dev.vela.bench;

import static dev.vela.bench.Subject.OFFICIAL;
import static dev.vela.bench.Subject.OFFICIAL_CALLBACK;
import static dev.vela.bench.Subject.OFFICIAL_EACH;
import static dev.vela.bench.Subject.OFFICIAL_UNBATCHED;
import static dev.vela.bench.Subject.SOCKET;
import static dev.vela.bench.Subject.VELA;
import static dev.vela.bench.Subject.VELA_CALLBACK;
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
            SOCKET),
    NON_PERSISTENT_4("nonPersistent4", Load.flood(4), Topic.NON_PERSISTENT, OFFICIAL, OFFICIAL_EACH, VELA),
    PERSISTENT_1("persistent1", Load.flood(1), Topic.PERSISTENT, OFFICIAL, VELA, SOCKET),
    PERSISTENT_4("persistent4", Load.flood(4), Topic.PERSISTENT, OFFICIAL, VELA),
    KEYED_8("keyed8", Load.flood(4).withKeys(), Topic.NON_PERSISTENT_8, OFFICIAL, VELA),
    ONE_KIB("oneKib", Load.flood(4).withMessageBytes(1024), Topic.NON_PERSISTENT, OFFICIAL, VELA),
    UNBATCHED("unbatched", Load.flood(1), Topic.PERSISTENT, OFFICIAL_UNBATCHED, VELA_UNBATCHED),
    LATENCY_IDLE(
            "latencyIdle", Load.paced(1_000), Topic.PERSISTENT, OFFICIAL_UNBATCHED, VELA, OFFICIAL, VELA_UNBATCHED),
    LATENCY_BUSY("latencyBusy", Load.paced(20_000), Topic.PERSISTENT, OFFICIAL_UNBATCHED, VELA, OFFICIAL);

    private final String label;
    private final Load load;
    private final Topic topic;
    private final List<Subject> subjects;

    /** The kind of topic; without partitions unless the name says otherwise. */
    enum Topic {
        NON_PERSISTENT("non-persistent", 0),
        NON_PERSISTENT_8("non-persistent", 8),
        PERSISTENT("persistent", 0);

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
     * @param threads the number of sending threads
     * @param rate the number of messages per second; 0 for as many as possible
     */
    record Load(int threads, int messageBytes, boolean keyed, int rate) {

        private static final int MESSAGE_BYTES = 100;

        static Load flood(int threads) {
            return new Load(threads, MESSAGE_BYTES, false, 0);
        }

        static Load paced(int rate) {
            return new Load(1, MESSAGE_BYTES, false, rate);
        }

        Load withKeys() {
            return new Load(threads, messageBytes, true, rate);
        }

        Load withMessageBytes(int bytes) {
            return new Load(threads, bytes, keyed, rate);
        }

        boolean isPaced() {
            return rate > 0;
        }
    }

    Scenario(String label, Load load, Topic topic, Subject... subjects) {
        this.label = label;
        this.load = load;
        this.topic = topic;
        this.subjects = List.of(subjects);
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
