package dev.vela.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A fault as it was injected.
 *
 * @param entry the plan for the fault
 * @param begunAtMillis the start of the fault, in milliseconds of the epoch
 * @param endedAtMillis the start of the repair, in milliseconds of the epoch; a part that has to restart, such as the
 *     application, takes additional time
 * @param problem the reason why the fault could not be injected as planned; null if it was
 */
record InjectedFault(
        Schedule.Entry entry,
        long begunAtMillis,
        long endedAtMillis,
        @Nullable String problem) {}
