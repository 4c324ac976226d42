package dev.vela.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A fault as it was done.
 *
 * @param entry as it was planned
 * @param begunAtMillis when it was begun, in milliseconds of the epoch
 * @param endedAtMillis when it began to be put right, in milliseconds of the epoch: what has to start again first, such as
 *     the application, takes its time after that
 * @param problem why it could not be done as planned; null if it could
 */
record InjectedFault(
        Schedule.Entry entry,
        long begunAtMillis,
        long endedAtMillis,
        @Nullable String problem) {}
