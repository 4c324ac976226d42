package dev.vela.internal.supervision;

/**
 * The state of a child, as its supervisor sees it. Only the supervisor's control thread moves it.
 *
 * <pre>
 * STARTING    → RUNNING      its start has succeeded
 *             → BACKING_OFF  its start has failed, and will be tried again
 *             → GONE         its start has failed for good, or is no longer wanted
 * RUNNING     → BACKING_OFF  it has ended, and will be started again
 *             → STOPPING     asked to stop
 *             → KILLED       told to end at once
 *             → GONE         it has ended for good
 * BACKING_OFF → STARTING     the delay is over, or was cut short
 *             → GONE         no longer wanted
 * STOPPING    → KILLED       its time to stop is over
 *             → GONE         it has ended
 * KILLED      → GONE         it has ended, or was abandoned
 * </pre>
 */
public enum ChildState {
    /** Its starter has been called and has not answered yet; the first state. */
    STARTING,
    /** Started, and not ended. */
    RUNNING,
    /** Waits for its next start. */
    BACKING_OFF,
    /** Asked for an orderly stop, and not ended yet. */
    STOPPING,
    /** Told to end at once, and not ended yet. */
    KILLED,
    /** No longer a child of its supervisor; final. */
    GONE;

    /**
     * The next state, if the move is legal.
     *
     * @throws IllegalStateException if the move is illegal
     */
    ChildState moveTo(ChildState next) {
        boolean legal = switch (this) {
            case STARTING -> next == RUNNING || next == BACKING_OFF || next == GONE;
            case RUNNING -> next == BACKING_OFF || next == STOPPING || next == KILLED || next == GONE;
            case BACKING_OFF -> next == STARTING || next == GONE;
            case STOPPING -> next == KILLED || next == GONE;
            case KILLED -> next == GONE;
            case GONE -> false;
        };
        if (!legal) {
            throw new IllegalStateException("a child cannot move from " + this + " to " + next);
        }
        return next;
    }
}
