package dev.vela.internal.scheduling;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The threads on which the Pulsar client delivers receipts. Blocking such a thread stops all traffic of its
 * connections, and an application may have given the thread any name.
 *
 * <p>Thread-safe; never blocks.
 */
public final class ClientThreads {
    /*
     * There are few such threads, and each is new only about once in its life: so this is a list that is replaced as a
     * whole. It keeps neither a thread nor a thread's class loader alive.
     */
    private static volatile List<WeakReference<Thread>> known = List.of();

    private ClientThreads() {}

    /** Records that the given thread has just delivered a receipt. */
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

    /** Whether the given thread has delivered receipts. */
    public static boolean isOne(Thread thread) {
        for (WeakReference<Thread> reference : known) {
            if (reference.refersTo(thread)) {
                return true;
            }
        }
        return false;
    }
}
