package dev.vela.internal.supervision;

/**
 * The state of a supervisor. Only its control thread moves it.
 *
 * <pre>
 * RUNNING   → STOPPING   asked to stop or to end, or too many restarts
 * STOPPING  → STOPPED    the last child is gone, as asked
 *           → FAILED     the last child is gone, after too many restarts
 * </pre>
 */
public enum SupervisorState {
    /** Starts, watches and restarts children; the first state. */
    RUNNING,
    /** Stops its children, right to left, and restarts none. */
    STOPPING,
    /** Ended as asked; final. */
    STOPPED,
    /** Ended because its children had to be restarted too often; final. */
    FAILED;

    /**
     * The next state, if the move is legal.
     *
     * @throws IllegalStateException if the move is illegal
     */
    SupervisorState moveTo(SupervisorState next) {
        boolean legal = switch (this) {
            case RUNNING -> next == STOPPING;
            case STOPPING -> next == STOPPED || next == FAILED;
            case STOPPED, FAILED -> false;
        };
        if (!legal) {
            throw new IllegalStateException("a supervisor cannot move from " + this + " to " + next);
        }
        return next;
    }
}
