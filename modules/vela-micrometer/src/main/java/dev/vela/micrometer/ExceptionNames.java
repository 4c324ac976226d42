package dev.vela.micrometer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The names of exceptions, as values of a tag: at most 50 different ones, then "other". Thread-safe. */
final class ExceptionNames {
    static final int MOST = 50;
    static final String NONE = "none";
    static final String OTHER = "other";

    private final Set<String> known = ConcurrentHashMap.newKeySet(); // added to under the lock alone
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private int size;

    /** The simple name of its class, or "none" without an exception. */
    String of(@Nullable Throwable failure) {
        if (failure == null) {
            return NONE;
        }
        return bounded(simpleName(failure.getClass()));
    }

    /** The name itself, if it is one of the first ones. */
    String bounded(String name) {
        return known.contains(name) || added(name) ? name : OTHER;
    }

    private static String simpleName(Class<?> type) {
        Class<?> named = type;
        while (named.isAnonymousClass()) {
            named = named.getSuperclass();
        }
        return named.getSimpleName();
    }

    private boolean added(String name) {
        lock.lock();
        try {
            if (known.contains(name)) {
                return true;
            }
            if (size == MOST) {
                return false;
            }
            size++;
            return known.add(name);
        } finally {
            lock.unlock();
        }
    }
}
