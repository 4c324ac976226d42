package dev.vela.internal.scheduling;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The threads on which the Pulsar client brings receipts. To block one of them stops all that its connections carry, and an
 * application may have named them as it likes.
 *
 * <p>Thread-safe; never blocks.
 */
public final class ClientThreads {
    /*
     * There are few of them, and a new one is seen once in its life or so: a list that is replaced as a whole. It keeps no
     * thread, and no class loader of one, alive.
     */
    private static volatile List<WeakReference<Thread>> known = List.of();

    private ClientThreads() {}

    /** The given thread has just brought a receipt. */
    public static void add(Thread thread) {
        if (isOne(thread)) {
            return;
        }
        synchronized (ClientThreads.class) {
            List<WeakReference<Thread>> next = new ArrayList<>(known);
            next.removeIf(reference -> {
                Thread other = reference.get();
                return other == null || !other.isAlive();
            });
            next.add(new WeakReference<>(thread));
            known = List.copyOf(next);
        }
    }

    /** Whether receipts came on the given thread. */
    public static boolean isOne(Thread thread) {
        for (WeakReference<Thread> reference : known) {
            if (reference.refersTo(thread)) {
                return true;
            }
        }
        return false;
    }
}
