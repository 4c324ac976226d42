package dev.vela.bench;

/** The subjects of the measurement. */
enum Subject {
    /** An official producer, shared by all threads. */
    OFFICIAL("official"),

    /** An official producer, shared by all threads, with a callback on each future. */
    OFFICIAL_CALLBACK("officialCallback"),

    /** Official producers on one client, one for each thread. */
    OFFICIAL_EACH("officialEach"),

    /** An official producer that sends each message by itself. */
    OFFICIAL_UNBATCHED("officialUnbatched"),

    /** A Vela handle with one producer for each topic or partition, shared by all threads. */
    VELA("vela"),

    /** Such a Vela handle, with a callback for each message instead of a future. */
    VELA_CALLBACK("velaCallback"),

    /** Such a Vela handle whose entries leave when they are full or at the interval, never before. */
    VELA_AT_INTERVAL("velaAtInterval"),

    /** The official builder of a supervised client, with the settings of the official producer. */
    VELA_DROP_IN("velaDropIn"),

    /** Such a Vela handle in a runtime with the metrics of vela-micrometer. */
    VELA_METRICS("velaMetrics"),

    /** A Vela handle without batching. */
    VELA_UNBATCHED("velaUnbatched"),

    /** A socket that sends entries encoded in advance: the maximum that the broker can accept. */
    SOCKET("socket");

    private final String label;

    Subject(String label) {
        this.label = label;
    }

    /** Returns the name in reports. */
    String label() {
        return label;
    }
}
