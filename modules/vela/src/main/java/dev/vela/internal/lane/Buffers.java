package dev.vela.internal.lane;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Buffers to write entries to, used again once an entry is stored, by any lane of a runtime.
 *
 * <p>Thread-safe; never blocks.
 */
public final class Buffers {
    /*
     * They are outside of the heap, where the client writes them to its socket from, so that they need not be copied. There
     * are so many bytes of them at most; where more are wanted, a buffer on the heap does, for one entry.
     *
     * A buffer whose entry was not stored never comes back: the client may hold it for who knows how long. The collector
     * tells when it is gone, and then another may be made.
     */
    private static final int SMALLEST_BITS = 10;
    private static final int SIZES = 13; // 1 KiB to 4 MiB

    private final long maxBytes;
    private final AtomicLong made = new AtomicLong(); // bytes of those that are there, wherever they are
    private final Set<Made> all = ConcurrentHashMap.newKeySet(); // a reference that is not held tells nothing
    private final ReferenceQueue<ByteBuffer> gone = new ReferenceQueue<>();
    private final Deque<ByteBuffer>[]
            spare; // by their size, each twice as large as the one before; the last used first
    private volatile boolean exhausted;

    /** A buffer that was made, for as long as it is there. */
    private static final class Made extends PhantomReference<ByteBuffer> {
        private final int bytes;

        Made(ByteBuffer buffer, ReferenceQueue<ByteBuffer> gone) {
            super(buffer, gone);
            this.bytes = buffer.capacity();
        }
    }

    /**
     * None yet.
     *
     * @param maxBytes how many there are at most outside of the heap
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    public Buffers(long maxBytes) {
        this.maxBytes = maxBytes;
        this.spare = Stream.generate(ConcurrentLinkedDeque::new).limit(SIZES).toArray(Deque[]::new);
    }

    /** A buffer of at least the given size; what is in it is undefined. */
    ByteBuffer take(int atLeast) {
        int index = index(atLeast);
        if (index >= SIZES) {
            return ByteBuffer.allocate(atLeast);
        }
        ByteBuffer again = spare[index].poll();
        return again != null ? again : make(1 << (SMALLEST_BITS + index));
    }

    /** A buffer of at least the given size, and less than twice that; what is in it is undefined. */
    ByteBuffer takeFitting(int size) {
        return size <= 1 << (SMALLEST_BITS - 1) ? ByteBuffer.allocate(size) : take(size);
    }

    private ByteBuffer make(int bytes) {
        forgetGone();
        if (!exhausted && made.addAndGet(bytes) <= maxBytes) {
            try {
                ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
                all.add(new Made(buffer, gone));
                return buffer;
            } catch (OutOfMemoryError e) { // the virtual machine has a limit of its own, and finding it takes long
                exhausted = true;
            }
        }
        if (!exhausted) {
            made.addAndGet(-bytes);
            dropSpare();
        }
        return ByteBuffer.allocate(bytes);
    }

    private void forgetGone() {
        for (Reference<?> lost = gone.poll(); lost != null; lost = gone.poll()) {
            Made buffer = (Made) lost;
            all.remove(buffer);
            made.addAndGet(-buffer.bytes);
        }
    }

    /** Leaves one that nobody uses to the collector: entries have another size by now. */
    private void dropSpare() {
        for (Deque<ByteBuffer> ofOneSize : spare) {
            if (ofOneSize.pollLast() != null) {
                return;
            }
        }
    }

    /** Takes back a buffer that nobody uses any more. */
    void keep(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            spare[index(buffer.capacity())].addFirst(buffer);
        }
    }

    /** Bytes that nobody uses now. */
    long kept() {
        return Stream.of(spare)
                .flatMap(Deque::stream)
                .mapToLong(ByteBuffer::capacity)
                .sum();
    }

    private static int index(int size) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, size) - 1);
        return Math.max(0, bits - SMALLEST_BITS);
    }
}
