package dev.vela;

/** The state of a group, or of a partitioned producer as a whole. */
public enum HandleState {
    /** No producer has been ready yet. */
    STARTING,
    /** Every producer that should send can send; standbys may be waiting. */
    READY,
    /** Some can send, some cannot. */
    DEGRADED,
    /** None can send, and at least one is coming back by itself. */
    RESTARTING,
    /** None can send, and none will soon come back by itself. */
    DOWN,
    /** Gave up after too many restarts, as did everything above it. */
    FAILED,
    /** Accepts no new messages; accepted messages are being answered. */
    STOPPING,
    /** Stopped. */
    STOPPED
}
