package dev.vela.cli;

import org.jspecify.annotations.Nullable;

/**
 * What a message carries, as the property {@value #PROPERTY}, when it is to be verified: the run that it belongs to, its
 * place in that run, and the digest of what it was when it was sent.
 *
 * @param run unlike any other run's
 * @param index from 0, in the order in which messages were given to the producer
 */
record Mark(String run, int index, long digest) {

    static final String PROPERTY = "vela-run";

    private static final String SEPARATOR = "/";
    private static final int HEX = 16;

    String encoded() {
        return run + SEPARATOR + index + SEPARATOR + Long.toHexString(digest);
    }

    /** The inverse of {@link #encoded}; null for what is not a mark. */
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
