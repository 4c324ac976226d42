package dev.vela.internal.lane;

/**
 * Room for messages in two budgets: the runtime's, and the budget of a group, or of the messages that wait for a
 * partition.
 *
 * <p>Thread-safe; never blocks. Acquired room must be released exactly once.
 */
public final class Admission {
    private final Budget runtime;
    private final Budget own;
    private final boolean isPartition;
    private final boolean isShared;

    /** Creates the admission of a queue, or of a group that is the only group for its messages. */
    public Admission(Budget runtime, Budget own) {
        this(runtime, own, false);
    }

    /** Creates the admission of a partition: messages without a key may go to others, too. */
    public static Admission ofPartition(Budget runtime, Budget own) {
        return new Admission(runtime, own, true);
    }

    private Admission(Budget runtime, Budget own, boolean isPartition) {
        this.runtime = runtime;
        this.own = own;
        this.isPartition = isPartition;
        this.isShared = runtime.isShared();
    }

    public Budget own() {
        return own;
    }

    /**
     * Takes room for a message in both budgets, or returns false and holds nothing.
     *
     * @param isOneOfMany whether other groups could take the message, too: then the runtime's budget must have at least
     *     as much room free as is pending here, so that stalled partitions never hold the whole budget, no matter how
     *     many stall
     */
    boolean tryAcquire(int size, boolean isOneOfMany) {
        return tryAcquire(1, size, isOneOfMany || isShared);
    }

    /**
     * Takes room for future messages, or returns false and holds nothing. In a partition the rule for messages that
     * other groups could take applies, since future messages may be of that kind.
     */
    boolean tryReserve(int messages, long bytes) {
        return tryAcquire(messages, bytes, isPartition || isShared);
    }

    private boolean tryAcquire(int messages, long bytes, boolean mustLeaveRoom) {
        if ((mustLeaveRoom && !leavesRoom(messages, bytes)) || !runtime.tryAcquire(messages, bytes)) {
            return false;
        }
        if (own.tryAcquire(messages, bytes)) {
            return true;
        }
        runtime.undo(messages, bytes);
        return false;
    }

    /** Undoes an acquisition that was not used. */
    void undo(int messages, long bytes) {
        own.undo(messages, bytes);
        runtime.undo(messages, bytes);
    }

    /** Whether a message that holds room elsewhere, in the same runtime's budget, could move its room here now. */
    public boolean couldMove(int size) {
        return (!isShared || leavesRoom(0, 0)) && own.hasRoom(size);
    }

    /** Takes room for a message in exchange for its room elsewhere, or returns false and changes nothing. */
    boolean tryMove(int size, Admission from) {
        if ((isShared && !leavesRoom(0, 0)) || !own.tryAcquire(1, size)) {
            return false;
        }
        from.own.release(1, size);
        return true;
    }

    /** The same, whether or not there is room here: the runtime's budget covers the message already. */
    void move(int size, Admission from) {
        own.acquire(1, size);
        from.own.release(1, size);
    }

    /** Whether a message of this size, which other groups could take, too, would find room here now. */
    public boolean hasRoomForOneOfMany(int size) {
        return leavesRoom(1, size) && own.hasRoom(size);
    }

    /**
     * Whether the runtime's budget would still have as much room free as would be pending here. One message is always
     * allowed.
     */
    private boolean leavesRoom(int more, long moreBytes) {
        long messages = own.messages();
        return messages == 0 || runtime.hasFree(messages + more, own.bytes() + moreBytes);
    }

    /** The maximum number of messages that fits into both budgets. */
    long maxMessages() {
        return Math.min(runtime.maxMessages(), own.maxMessages());
    }

    /** The maximum number of bytes that fits into both budgets. */
    long maxBytes() {
        return Math.min(runtime.maxBytes(), own.maxBytes());
    }

    /** Gives back the room of messages that were admitted here. */
    void release(int messages, long bytes) {
        runtime.release(messages, bytes); // first: a thread that waits for room in "own" needs both
        own.release(messages, bytes);
    }
}
