package dev.vela.opentelemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What failures are called: by their classes, as long as these are not too many, since each makes time series of its own.
 * Thread-safe.
 */
final class ErrorTypes {
    static final String OTHER = "_OTHER"; // as the conventions call it

    private final int most;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /** Creates names for at most the given number of classes; all other failures share one name. */
    ErrorTypes(int most) {
        this.most = most;
    }

    /** The name of the failure's class, or {@link #OTHER}. */
    String of(Throwable failure) {
        String name = failure.getClass().getName();
        return known.contains(name) || isAdded(name) ? name : OTHER;
    }

    private synchronized boolean isAdded(String name) {
        return known.contains(name) || (known.size() < most && known.add(name));
    }
}
