package dev.vela;

/** Where one producer of a group is in its life. */
public enum ProducerState {
    /** Being created for the first time, or again after a restart. */
    STARTING,
    /** Connected: takes messages. */
    READY,
    /** Disconnected and reconnecting by itself: not dead, keeps what it was given. */
    RECONNECTING,
    /** Waits for exclusive access, not promoted yet. */
    WAITING,
    /** Died or could not be created; waits for its next attempt. */
    RESTARTING,
    /** Fenced by another producer; stays down until restarted by hand. */
    FENCED,
    /** Its topic is terminated; stays down. */
    TERMINATED,
    /** Refused for its schema, its authorization or its configuration; tried again, ever more rarely. */
    REFUSED,
    /** Its group gave up after too many restarts. */
    FAILED,
    /** Stopped by its owner. */
    STOPPED;

    /** Whether a producer in this state can be given messages now. */
    public boolean isAlive() {
        return this == READY || this == RECONNECTING;
    }

    /** Whether a producer in this state comes back by itself soon, so that waiting for it makes sense. */
    public boolean isRecovering() {
        return this == STARTING || this == RESTARTING;
    }
}
