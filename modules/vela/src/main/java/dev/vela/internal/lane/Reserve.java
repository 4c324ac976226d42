package dev.vela.internal.lane;

/**
 * Room taken for messages yet to come. Immutable.
 *
 * @param messages how many
 * @param bytes how large they may be together
 */
public record Reserve(int messages, long bytes) {
    public static final Reserve NONE = new Reserve(0, 0);

    /** Both together. */
    public Reserve plus(Reserve other) {
        return new Reserve(messages + other.messages, bytes + other.bytes);
    }
}
