package dev.vela;

/** Where a group, or a partitioned producer as a whole, is in its life. */
public enum HandleState {
    /** No producer has been ready yet. */
    STARTING,
    /** Every producer that should send can send; standbys may be waiting. */
    READY,
    /** Some can send, some cannot. */
    DEGRADED,
    /** None can send, and at least one is coming back by itself. */
    RESTARTING,
    /** None can send, and none comes back by itself soon. */
    DOWN,
    /** Gave up after too many restarts, and so did all above it. */
    FAILED,
    /** Takes no new messages; what it accepted is being answered. */
    STOPPING,
    /** Stopped. */
    STOPPED
}
