package dev.vela.internal.lane;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of entries that are stored, kept to be used again by any lane of a runtime.
 *
 * <p>Thread-safe; never blocks. Bounded: what does not fit is left to the collector.
 */
public final class Buffers {
    private static final int SMALLEST_BITS = 10;
    private static final int SIZES = 13; // 1 KiB to 4 MiB

    private final long maxBytes;
    private final AtomicLong kept = new AtomicLong();
    private final Queue<byte[]>[] spare; // by their size, each twice as large as the one before

    /**
     * None yet.
     *
     * @param maxBytes how much is kept at most
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    public Buffers(long maxBytes) {
        this.maxBytes = maxBytes;
        this.spare = Stream.generate(ConcurrentLinkedQueue::new).limit(SIZES).toArray(Queue[]::new);
    }

    /** A buffer of at least the given size, and of 4 MiB at most; what is in it is undefined. */
    byte[] take(int atLeast) {
        int index = index(atLeast);
        byte @Nullable [] again = spare[index].poll();
        if (again == null) {
            return new byte[1 << (SMALLEST_BITS + index)];
        }
        kept.addAndGet(-again.length);
        return again;
    }

    /** Takes back a buffer that nobody uses any more. */
    void keep(byte[] buffer) {
        int index = index(buffer.length);
        boolean isOurs = buffer.length == 1 << (SMALLEST_BITS + index);
        if (isOurs && kept.addAndGet(buffer.length) <= maxBytes) {
            spare[index].add(buffer);
        } else if (isOurs) {
            kept.addAndGet(-buffer.length);
        }
    }

    /** Bytes kept now. */
    long kept() {
        return kept.get();
    }

    private static int index(int size) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size) - 1);
        return Math.min(SIZES - 1, Math.max(0, bits - SMALLEST_BITS));
    }
}
