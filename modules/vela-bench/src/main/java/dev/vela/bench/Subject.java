package dev.vela.bench;

/** Who is measured. */
enum Subject {
    /** An official producer, shared by all threads. */
    OFFICIAL("official"),

    /** The same, with a callback on each future. */
    OFFICIAL_CALLBACK("officialCallback"),

    /** Official producers on one client, one for each thread. */
    OFFICIAL_EACH("officialEach"),

    /** An official producer that sends each message by itself. */
    OFFICIAL_UNBATCHED("officialUnbatched"),

    /** A handle of Vela's with one producer for each topic or partition, shared by all threads. */
    VELA("vela"),

    /** The same, with a callback for each message in the place of a future. */
    VELA_CALLBACK("velaCallback"),

    /** A handle of Vela's without batching. */
    VELA_UNBATCHED("velaUnbatched"),

    /** A socket down which entries go that were encoded before: what the broker can take. */
    SOCKET("socket");

    private final String label;

    Subject(String label) {
        this.label = label;
    }

    /** Its name in reports. */
    String label() {
        return label;
    }
}
