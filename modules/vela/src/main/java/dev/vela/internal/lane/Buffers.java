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
 * Buffers for writing entries. Any lane of a runtime may reuse a buffer once its entry is stored.
 *
 * <p>Thread-safe; never blocks.
 */
public final class Buffers {
    /*
     * The buffers are outside the heap: the client writes them to its socket from there, without a copy. Their total
     * size is limited. Beyond the limit, a heap buffer serves for one entry.
     *
     * A buffer whose entry was not stored never comes back: the client may hold it for an unknown time. The garbage
     * collector reports when the buffer is gone, and then another buffer may be allocated.
     */
    private static final int SMALLEST_BITS = 10;
    private static final int SIZES = 13; // 1 KiB to 4 MiB

    private final long maxBytes;
    private final AtomicLong made = new AtomicLong(); // bytes of all existing buffers, wherever they are
    private final Set<Made> all = ConcurrentHashMap.newKeySet(); // a reference must be held to be enqueued
    private final ReferenceQueue<ByteBuffer> gone = new ReferenceQueue<>();
    private final Deque<ByteBuffer>[] spare; // by size, each twice the size before; last used first
    private volatile boolean exhausted;

    /** Refers to an allocated buffer until the buffer is gone. */
    private static final class Made extends PhantomReference<ByteBuffer> {
        private final int bytes;

        Made(ByteBuffer buffer, ReferenceQueue<ByteBuffer> gone) {
            super(buffer, gone);
            this.bytes = buffer.capacity();
        }
    }

    /**
     * Creates an empty pool.
     *
     * @param maxBytes the maximum number of bytes outside the heap
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    public Buffers(long maxBytes) {
        this.maxBytes = maxBytes;
        this.spare = Stream.generate(ConcurrentLinkedDeque::new).limit(SIZES).toArray(Deque[]::new);
    }

    /** Returns a buffer of at least the given size, with undefined content. */
    ByteBuffer take(int atLeast) {
        int index = index(atLeast);
        if (index >= SIZES) {
            return ByteBuffer.allocate(atLeast);
        }
        ByteBuffer again = spare[index].poll();
        return again != null ? again : make(1 << (SMALLEST_BITS + index));
    }

    /** Returns a buffer of at least the given size and less than twice that size, with undefined content. */
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
            } catch (OutOfMemoryError e) { // the JVM has another limit, and reaching it takes long
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

    /** Leaves one unused buffer to the garbage collector: entries have another size by now. */
    private void dropSpare() {
        for (Deque<ByteBuffer> ofOneSize : spare) {
            if (ofOneSize.pollLast() != null) {
                return;
            }
        }
    }

    /** Takes back a buffer that is no longer used. */
    void keep(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            spare[index(buffer.capacity())].addFirst(buffer);
        }
    }

    /** The bytes of all unused buffers. */
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
