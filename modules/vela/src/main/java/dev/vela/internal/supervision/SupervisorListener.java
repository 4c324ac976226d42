package dev.vela.internal.supervision;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Is notified of the events of a supervisor's children. Called on the supervisor's control thread, in the order of
 * events: it must not block. An exception is logged and changes nothing.
 */
public interface SupervisorListener {

    /** The child's first start has succeeded at the first attempt. */
    default void childStarted(String id) {}

    /**
     * The child has ended, whether asked to or not, or its start has failed.
     *
     * @param cause why, or null after a normal exit
     */
    default void childExited(String id, @Nullable Throwable cause) {}

    /**
     * The child has ended or failed to start, and will be started after a delay.
     *
     * @param attempt 0 for the first restart since the child was last stable
     * @param cause why it ended, or null after a normal exit
     */
    default void childRestarting(String id, int attempt, Duration delay, @Nullable Throwable cause) {}

    /** A start other than the first attempt has succeeded. */
    default void childRestarted(String id) {}

    /**
     * The child did not end although it was killed, and its supervisor waits no longer. The child may still be alive.
     */
    default void childAbandoned(String id) {}

    /** Too many restarts: the supervisor begins to stop its children, and then fails. */
    default void failed(IntensityExceededException failure) {}
}
