package dev.vela.internal.root;

/**
 * How far the stop of a named child has come. Only the control thread moves it.
 *
 * <pre>
 * RUNNING  → DRAINING  asked to stop: it takes no messages, and waits for the answers to those that it has
 *          → CLOSING   stopped without a drain: it has no handle, or got one while it was being stopped
 * DRAINING → CLOSING   all answers are there, or the time for them is over: the other messages are failed
 * CLOSING  → ENDING    the supervisors are asked to stop: at once, or, where all are stopped, in their turn
 * ENDING   → DOWN      the tree has ended, and the name is free
 * </pre>
 *
 * <p>Callbacks may still be running then: the stop is over when they have returned, or were waited for long enough.
 */
enum StopState {
    /** Nobody has asked it to stop; the first state. */
    RUNNING,
    /** It accepts no messages. Producers that it needs for those that it has are still started. */
    DRAINING,
    /** Its producers are being closed, and nothing is started any more. */
    CLOSING,
    /** Its supervisors are being stopped. */
    ENDING,
    /** Nothing of it runs; final. */
    DOWN;

    /** Whether producers, and what supervises them, may still be started. */
    boolean mayStart() {
        return this == RUNNING || this == DRAINING;
    }

    /**
     * The next state, if the move is legal.
     *
     * @throws IllegalStateException if it is not
     */
    StopState moveTo(StopState next) {
        boolean legal = switch (this) {
            case RUNNING -> next == DRAINING || next == CLOSING;
            case DRAINING -> next == CLOSING;
            case CLOSING -> next == ENDING;
            case ENDING -> next == DOWN;
            case DOWN -> false;
        };
        if (!legal) {
            throw new IllegalStateException("a stop cannot move from " + this + " to " + next);
        }
        return next;
    }
}
