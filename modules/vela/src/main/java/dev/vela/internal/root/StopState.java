package dev.vela.internal.root;

/**
 * How far the stop of a named child has come. Only the control thread moves it.
 *
 * <pre>
 * RUNNING  → DRAINING  asked to stop: it takes no messages, and waits for the answers to those that it has
 *          → CLOSING   nothing to drain: it has no handle, gave up, or got its handle while it was being stopped
 * DRAINING → CLOSING   all answers are there, or the time for them is over, here and in all that is stopped with it
 * CLOSING  → ENDING    the supervisors are asked to stop: at once, or, where all are stopped, in their turn
 * ENDING   → DOWN      the tree has ended, and the name is free
 * </pre>
 *
 * <p>Callbacks may still be running then: the stop is over when they have returned, or were waited for long enough.
 */
enum StopState {
    /** It is not being stopped; the first state. */
    RUNNING,
    /** It accepts no messages. Producers that it needs for those that it has are still started. */
    DRAINING,
    /** Its messages are failed, its producers are being closed, and no supervisor is started any more. */
    CLOSING,
    /** Its supervisors are being stopped. */
    ENDING,
    /** Nothing of it runs; final. */
    DOWN;

    /** Whether a supervisor may still be started. */
    boolean mayStart() {
        return this == RUNNING || this == DRAINING;
    }

    /**
     * The next state, if the move is legal.
     *
     * @throws IllegalStateException if it is not
     */
    StopState moveTo(StopState next, String who) {
        boolean legal = switch (this) {
            case RUNNING -> next == DRAINING || next == CLOSING;
            case DRAINING -> next == CLOSING;
            case CLOSING -> next == ENDING;
            case ENDING -> next == DOWN;
            case DOWN -> false;
        };
        if (!legal) {
            throw new IllegalStateException("the stop of " + who + " cannot move from " + this + " to " + next);
        }
        return next;
    }
}
