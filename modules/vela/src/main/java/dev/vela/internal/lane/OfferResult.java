package dev.vela.internal.lane;

/** What came of offering a message. */
public enum OfferResult {
    /** The lane has it and completes it. */
    TAKEN,
    /** No producer is attached; the message is as it was. */
    DOWN,
    /** The client's memory is full, or others wait before it; the message is as it was. */
    FULL,
    /** A message that it must not overtake is with a producer that is away; the message is as it was. Others may go ahead. */
    HELD
}
