package dev.vela;

/** The state of one producer of a group. */
public enum ProducerState {
    /** Being created for the first time, or again after a restart. */
    STARTING,
    /** Connected: takes messages. */
    READY,
    /** Disconnected and reconnecting by itself: not dead, keeps its messages. */
    RECONNECTING,
    /** Waits for exclusive access, not promoted yet. */
    WAITING,
    /** Died or could not be created; waits for its next attempt. */
    RESTARTING,
    /** Fenced by another producer; stays down until restarted by hand. */
    FENCED,
    /** Its topic is terminated; stays down. */
    TERMINATED,
    /** Refused because of its schema, authorization or configuration; retried at growing intervals. */
    REFUSED,
    /** Its group gave up after too many restarts. */
    FAILED,
    /** Stopped by its owner. */
    STOPPED;

    /** Whether a producer in this state can take messages now. */
    public boolean isAlive() {
        return this == READY || this == RECONNECTING;
    }

    /** Whether a producer in this state will soon come back by itself, so that waiting for it makes sense. */
    public boolean isRecovering() {
        return this == STARTING || this == RESTARTING;
    }
}
