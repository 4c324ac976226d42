package dev.vela.internal.lane;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A hard cap on pending messages and bytes.
 *
 * <p>Thread-safe, never blocks. What was acquired must be released exactly once. A message larger than all bytes is let
 * in when nothing else is pending, so that it cannot wait for ever.
 */
public final class Budget {
    /*
     * Room that is taken is added first and taken back if it was too much, so a rival may be refused for what was there only
     * for a moment. A waiting thread looks again soon in any case, see RoomWait; none is woken for room that was taken back, or
     * two that wait for more than there is would wake each other for ever.
     *
     * What was acquired and what was released are counted apart, each on a cache line of its own: those who send change
     * the one, the client's I/O thread the other. Who acquires compares with what it last saw of the released, and looks
     * again only if that would not do: what was seen is never more than what is, so it errs only towards "full".
     */
    private static final int ACQUIRED_MESSAGES = 8;
    private static final int ACQUIRED_BYTES = 9;
    private static final int SEEN_MESSAGES = 10;
    private static final int SEEN_BYTES = 11;
    private static final int RELEASED_MESSAGES = 32;
    private static final int RELEASED_BYTES = 33;
    private static final int COUNTS = 48;

    private final String name;
    private final long maxMessages;
    private final long maxBytes;
    private final RoomSignal room;
    private final boolean shared;
    private final String share;
    private final AtomicLongArray counts = new AtomicLongArray(COUNTS);

    /**
     * An empty budget.
     *
     * @param name what it limits, for error messages
     * @param room whose waiters are woken when it falls to three quarters, or to nothing
     */
    public Budget(String name, long maxMessages, long maxBytes, RoomSignal room) {
        this(name, maxMessages, maxBytes, room, false);
    }

    /**
     * Creates an empty budget.
     *
     * @param shared whether each of those that take room of it must leave as much to the others as is pending in it
     */
    public Budget(String name, long maxMessages, long maxBytes, RoomSignal room, boolean shared) {
        this.shared = shared;
        this.name = name;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.room = room;
        this.share = "the producer's budget, or its share of " + this + ",";
    }

    /** Takes room for so many messages, which have so many bytes, or returns false and takes nothing. */
    boolean tryAcquire(int messages, long bytes) {
        if (!hasMessages(counts.get(ACQUIRED_MESSAGES), messages) || !hasBytes(counts.get(ACQUIRED_BYTES), bytes)) {
            return false;
        }
        if (!hasMessages(counts.getAndAdd(ACQUIRED_MESSAGES, messages), messages)) {
            counts.addAndGet(ACQUIRED_MESSAGES, -messages);
            return false;
        }
        if (!hasBytes(counts.getAndAdd(ACQUIRED_BYTES, bytes), bytes)) {
            takeBack(messages, bytes);
            return false;
        }
        return true;
    }

    /** Undoes an acquisition that was of no use: no thread is woken for it. */
    void takeBack(int messages, long bytes) {
        counts.addAndGet(ACQUIRED_BYTES, -bytes);
        counts.addAndGet(ACQUIRED_MESSAGES, -messages);
    }

    private boolean hasMessages(long acquiredBefore, int more) {
        return acquiredBefore - counts.getOpaque(SEEN_MESSAGES) + more <= maxMessages
                || acquiredBefore - look(SEEN_MESSAGES, RELEASED_MESSAGES) + more <= maxMessages;
    }

    private boolean hasBytes(long acquiredBefore, long more) {
        return fits(acquiredBefore - counts.getOpaque(SEEN_BYTES), more)
                || fits(acquiredBefore - look(SEEN_BYTES, RELEASED_BYTES), more);
    }

    private long look(int seen, int released) {
        long now = counts.get(released);
        counts.setOpaque(seen, now); // a slower thread may put an older figure here: that errs towards "full" only
        return now;
    }

    private boolean fits(long before, long more) {
        return before <= 0 || before + more <= maxBytes;
    }

    /** Gives back the room of so many messages, which have so many bytes. */
    void release(int messages, long bytes) {
        counts.addAndGet(RELEASED_BYTES, bytes);
        counts.addAndGet(RELEASED_MESSAGES, messages);
        if (room.isAwaited()) {
            long messagesLeft = this.messages();
            boolean belowMark = messagesLeft <= threeQuarters(maxMessages) && this.bytes() <= threeQuarters(maxBytes);
            if (belowMark || messagesLeft == 0) {
                room.signal();
            }
        }
    }

    /** Three quarters, rounded down; does not overflow. */
    private static long threeQuarters(long max) {
        return max / 4 * 3 + max % 4 * 3 / 4;
    }

    long maxMessages() {
        return maxMessages;
    }

    long maxBytes() {
        return maxBytes;
    }

    /** Messages pending now. */
    public long messages() {
        return pending(ACQUIRED_MESSAGES, RELEASED_MESSAGES);
    }

    /** Bytes pending now. */
    public long bytes() {
        return pending(ACQUIRED_BYTES, RELEASED_BYTES);
    }

    private long pending(int acquired, int released) {
        long releasedBefore = counts.get(released);
        return counts.get(acquired) - releasedBefore;
    }

    /** Whether a message of this size would find room now. */
    public boolean hasRoom(int size) {
        return messages() == 0 || hasFree(1, size);
    }

    /** Whether there is this much room now. */
    boolean hasFree(long messages, long bytes) {
        return messages <= maxMessages - messages() && bytes <= maxBytes - bytes();
    }

    /** Whether each of those that take room of it must leave as much to the others as is pending in it. */
    public boolean isShared() {
        return shared;
    }

    public RoomSignal room() {
        return room;
    }

    /** The name, for error messages, of the room that callers who must leave room to others wait for. */
    public String share() {
        return share;
    }

    @Override
    public String toString() {
        return name + " (" + maxMessages + " messages, " + maxBytes + " bytes)";
    }
}
