package dev.vela.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A fault as it was done.
 *
 * @param entry as it was planned
 * @param begunAtMillis when it was begun, in milliseconds of the epoch
 * @param endedAtMillis when it was put right, in milliseconds of the epoch
 * @param problem why it could not be done as planned; null if it could
 */
record Happening(
        Schedule.Entry entry,
        long begunAtMillis,
        long endedAtMillis,
        @Nullable String problem) {}
