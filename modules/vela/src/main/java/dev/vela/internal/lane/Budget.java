package dev.vela.internal.lane;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A hard cap on pending messages and bytes.
 *
 * <p>Thread-safe, never blocks. Acquired room must be released exactly once. A message larger than the byte limit is
 * admitted when nothing else is pending, so that it cannot wait forever.
 */
public final class Budget {
    /*
     * Acquired room is added first and taken back if it exceeds the budget, so a concurrent acquisition may be refused
     * because of room that was taken only for a moment. A waiting thread looks again soon in any case, see RoomWait. No
     * thread is woken for room that was taken back: two threads that want more room than is free would wake each other
     * forever.
     *
     * Acquired and released room are counted separately, each on its own cache line: senders change one count, the
     * client's I/O thread the other. An acquiring thread compares with the released count last seen, and reads the
     * current count only if the room does not suffice. The count last seen never exceeds the current count, so errors
     * are only towards "full".
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
    private final AtomicLongArray counts = new AtomicLongArray(COUNTS);

    /**
     * Creates an empty budget.
     *
     * @param name the thing that it limits, for error messages
     * @param room the signal whose waiters are woken when the budget falls to three quarters, or to nothing
     */
    public Budget(String name, long maxMessages, long maxBytes, RoomSignal room) {
        this(name, maxMessages, maxBytes, room, false);
    }

    /**
     * Creates an empty budget.
     *
     * @param shared whether each taker of room must leave as much room to the others as it has pending
     */
    public Budget(String name, long maxMessages, long maxBytes, RoomSignal room, boolean shared) {
        this.shared = shared;
        this.name = name;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.room = room;
    }

    /** Takes room for messages with the given bytes in total, or returns false and takes nothing. */
    boolean tryAcquire(int messages, long bytes) {
        if (!hasMessages(counts.get(ACQUIRED_MESSAGES), messages) || !hasBytes(counts.get(ACQUIRED_BYTES), bytes)) {
            return false;
        }
        if (!hasMessages(counts.getAndAdd(ACQUIRED_MESSAGES, messages), messages)) {
            counts.addAndGet(ACQUIRED_MESSAGES, -messages);
            return false;
        }
        if (!hasBytes(counts.getAndAdd(ACQUIRED_BYTES, bytes), bytes)) {
            undo(messages, bytes);
            return false;
        }
        return true;
    }

    /** Takes room, whether or not there is any. */
    void acquire(int messages, long bytes) {
        counts.addAndGet(ACQUIRED_MESSAGES, messages);
        counts.addAndGet(ACQUIRED_BYTES, bytes);
    }

    /** Undoes an acquisition that was not used. Wakes no thread. */
    void undo(int messages, long bytes) {
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
        counts.setOpaque(seen, now); // a slower thread may store an older count: an error only towards "full"
        return now;
    }

    private boolean fits(long before, long more) {
        return before <= 0 || before + more <= maxBytes;
    }

    /** Gives back the room of messages with the given bytes in total. */
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

    public long maxMessages() {
        return maxMessages;
    }

    public long maxBytes() {
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

    /** Whether this many messages and bytes would find room now. */
    boolean hasFree(long messages, long bytes) {
        return messages <= maxMessages - messages() && bytes <= maxBytes - bytes();
    }

    /** Whether each taker of room must leave as much room to the others as it has pending. */
    public boolean isShared() {
        return shared;
    }

    public RoomSignal room() {
        return room;
    }

    /** The name, for error messages, of the room awaited by callers that must leave room to others. */
    public String share() {
        return "the producer's budget, or its share of " + this + ",";
    }

    @Override
    public String toString() {
        return name + " (" + maxMessages + " messages, " + maxBytes + " bytes)";
    }
}
