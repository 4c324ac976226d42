package dev.vela.internal.lane;

/**
 * Room taken for future messages. Immutable.
 *
 * @param messages the number of messages
 * @param bytes their maximum total size in bytes
 */
public record Reserve(int messages, long bytes) {
    public static final Reserve NONE = new Reserve(0, 0);

    /** The sum of both. */
    public Reserve plus(Reserve other) {
        return new Reserve(messages + other.messages, bytes + other.bytes);
    }
}
