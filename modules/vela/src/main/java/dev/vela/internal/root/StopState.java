package dev.vela.internal.root;

/**
 * The progress of the stop of a named child. Only the control thread moves it.
 *
 * <pre>
 * RUNNING  → DRAINING  asked to stop: it accepts no messages, and waits for the answers to those that it accepted
 *          → CLOSING   nothing to drain: it has no handle, gave up, or got its handle while it was being stopped
 * DRAINING → CLOSING   all answers were given, or the time for them is over, here and in all children stopped with it
 * CLOSING  → ENDING    the supervisors are asked to stop: at once, or in their turn if all children are stopped
 * ENDING   → DOWN      the tree has ended, and the name is free
 * </pre>
 *
 * <p>Callbacks may still be running then: the stop is over when they have returned, or the wait for them was long
 * enough.
 */
enum StopState {
    /** Not being stopped; the first state. */
    RUNNING,
    /** It accepts no messages. Producers that its accepted messages need are still started. */
    DRAINING,
    /** Its messages are failed, its producers are being closed, and no supervisor is started any more. */
    CLOSING,
    /** Its supervisors are being stopped. */
    ENDING,
    /** No part of it runs; final. */
    DOWN;

    /** Whether a supervisor may still be started. */
    boolean mayStart() {
        return this == RUNNING || this == DRAINING;
    }

    /**
     * The next state, if the move is legal.
     *
     * @throws IllegalStateException if the move is illegal
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
