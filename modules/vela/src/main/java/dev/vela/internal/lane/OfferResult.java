package dev.vela.internal.lane;

/**
 * The result of offering a message to a station on its way. If no lane takes a message, the handle makes sure that the
 * message holds room before it waits.
 */
public enum OfferResult {
    /** A lane has the message, and will complete it. */
    TAKEN,
    /**
     * A budget is full, or the handle no longer takes messages. Nothing is held for the message; its caller may wait.
     */
    NO_ROOM,
    /** The client's memory is full, or other messages wait before this one. It waits in its queue. */
    FULL,
    /**
     * A message that this one must not overtake is with a producer that is away. It waits in its queue, where other
     * messages may pass it.
     */
    HELD,
    /** No producer is attached. The message waits in its queue unless waiting is pointless. */
    DOWN
}
