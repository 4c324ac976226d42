package dev.vela.cli;

import org.jspecify.annotations.Nullable;

/**
 * The mark that a message carries for verification, as the property {@value #PROPERTY}: the run of the message, its
 * index in that run, and its digest at the time of the send.
 *
 * @param run the unique id of the run
 * @param index the index from 0, in the order in which messages were given to the producer
 */
record Mark(String run, int index, long digest) {

    static final String PROPERTY = "vela-run";

    private static final String SEPARATOR = "/";
    private static final int HEX = 16;

    String encoded() {
        return run + SEPARATOR + index + SEPARATOR + Long.toHexString(digest);
    }

    /** Parses the result of {@link #encoded}; null if the text is not a mark. */
    static @Nullable Mark parse(@Nullable String encoded) {
        String[] parts = encoded == null ? new String[0] : encoded.split(SEPARATOR, -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            int index = Integer.parseInt(parts[1]);
            return index < 0 ? null : new Mark(parts[0], index, Long.parseUnsignedLong(parts[2], HEX));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
