package dev.vela.internal.lane;

/** The result of offering a message to a station on its way: the same at each of them. */
public enum OfferResult {
    /** A lane has the message, and completes it. */
    TAKEN,
    /** A budget is full, or the handle takes no messages any more. Nothing is held for the message; its caller may wait. */
    NO_ROOM,
    /** The client's memory is full, or other messages wait before this one. It holds room, and waits in its queue. */
    FULL,
    /**
     * A message that this one must not overtake is with a producer that is away. It holds room, and waits in its queue, where
     * others may pass it.
     */
    HELD,
    /** No producer is attached. The message holds room, and waits in its queue unless waiting is in vain. */
    DOWN
}
