package dev.vela.chaos;

import java.util.Locale;

/** The features of a run beyond plain publishing. Each dimension is on or off. */
enum Dimension {
    CHUNKING("messages above the chunk size", true),
    ENCRYPTION("messages are encrypted", true),
    SIZE_LIMIT("messages just below and just above the broker's limit", true),
    SECOND_HANDLE("a second runtime and handle on the same client and topic", false),
    FENCING("a leader in mode ExclusiveWithFencing, and a rival application", false),
    STANDBY("two applications in mode WaitForExclusive", false),
    TRANSACTIONS("messages in transactions", false),
    SCHEMAS("a schema that evolves", false);

    private final String words;
    private final boolean forOfficial;

    Dimension(String words, boolean forOfficial) {
        this.words = words;
        this.forOfficial = forOfficial;
    }

    /** Returns the name in reports and on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String words() {
        return words;
    }

    /** Whether a subject supports this dimension. */
    boolean isFor(Subject subject) {
        return forOfficial || subject == Subject.VELA;
    }
}
