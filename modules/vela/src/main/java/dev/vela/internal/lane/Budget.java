package dev.vela.internal.lane;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A hard cap on pending messages and bytes.
 *
 * <p>Thread-safe, never blocks. What was acquired must be released exactly once. A message larger than all bytes is let
 * in when nothing else is pending, so that it cannot wait for ever.
 */
public final class Budget {
    /*
     * What is taken is added first and taken back if it was too much, so a rival may be refused for what was there only
     * for a moment. Whoever waits looks again soon in any case, see Admission; nobody is woken for what was taken back,
     * or two who wait for more than there is would wake each other for ever.
     */
    private final String name;
    private final long maxMessages;
    private final long maxBytes;
    private final Room room;
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * An empty budget.
     *
     * @param name what it limits, for error messages
     * @param room whose waiters are woken when it falls to three quarters, or to nothing
     */
    public Budget(String name, long maxMessages, long maxBytes, Room room) {
        this.name = name;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.room = room;
    }

    /** Takes room for one message, or returns false and takes nothing. */
    boolean tryAcquire(int size) {
        if (messages.get() >= maxMessages || !fits(bytes.get(), size)) {
            return false;
        }
        if (messages.incrementAndGet() > maxMessages) {
            messages.decrementAndGet();
            return false;
        }
        if (!fits(bytes.getAndAdd(size), size)) {
            bytes.addAndGet(-size);
            messages.decrementAndGet();
            return false;
        }
        return true;
    }

    private boolean fits(long before, int size) {
        return before <= 0 || before + size <= maxBytes;
    }

    /** Gives back the room of one message. */
    void release(int size) {
        long bytesLeft = bytes.addAndGet(-size);
        long messagesLeft = messages.decrementAndGet();
        boolean belowMark = messagesLeft <= threeQuarters(maxMessages) && bytesLeft <= threeQuarters(maxBytes);
        if (belowMark || messagesLeft == 0) {
            room.signal();
        }
    }

    /** Three quarters, rounded down; does not overflow. */
    private static long threeQuarters(long max) {
        return max / 4 * 3 + max % 4 * 3 / 4;
    }

    /** Whether a message of average size would find room now. A hint for routing. */
    public boolean hasRoom() {
        return messages.get() < maxMessages && bytes.get() < maxBytes;
    }

    /** Messages pending now. */
    public long messages() {
        return messages.get();
    }

    /** Bytes pending now. */
    public long bytes() {
        return bytes.get();
    }

    Room room() {
        return room;
    }

    @Override
    public String toString() {
        return name + " (" + maxMessages + " messages, " + maxBytes + " bytes)";
    }
}
