package dev.vela.internal.root;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.AlreadyStartedException;
import dev.vela.ChildSpec;
import dev.vela.internal.handle.Handle;
import dev.vela.internal.runtime.RuntimeResources;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * The names of a runtime, and the children that have them.
 *
 * <p>Thread-safe.
 */
final class Registry {
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, NamedChild> children = new LinkedHashMap<>(); // in start order

    @GuardedBy("lock")
    private final Set<NamedChild> ending = new HashSet<>(); // without a name, and not yet stopped

    @GuardedBy("lock")
    private @Nullable CompletableFuture<Void> closed; // never handed out itself

    /**
     * The state that a close finds.
     *
     * @param result to be completed by the first close; never handed out itself
     * @param isFirst whether no other close came before
     * @param newestFirst the children that have names
     * @param all these children, and the children that are being stopped
     */
    record Closing(
            CompletableFuture<Void> result, boolean isFirst, List<NamedChild> newestFirst, List<NamedChild> all) {}

    /**
     * Starts the handle of a registered child, unless its start was withdrawn meanwhile. Returns whether it was
     * started.
     */
    boolean begin(NamedChild child, Handle<?> handle) {
        lock.lock();
        try {
            boolean wanted = closed == null && children.get(child.id()) == child;
            if (wanted) {
                child.startHandle(handle);
            }
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    /** Frees a name that has no handle yet. */
    void withdraw(NamedChild child) {
        lock.lock();
        try {
            if (child.handle() == null) {
                children.remove(child.id(), child);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Registers a child under its name. */
    NamedChild register(RuntimeResources resources, ChildSpec spec) throws PulsarClientException {
        lock.lock();
        try {
            if (closed != null) {
                throw new PulsarClientException.AlreadyClosedException("this Vela is closed");
            }
            NamedChild holder = children.get(spec.id());
            if (holder != null) {
                Handle<?> existing = holder.handle();
                throw existing != null ? new AlreadyStartedException(existing) : new NameTakenException(spec.id());
            }
            NamedChild child = new NamedChild(resources, spec, this::deregister);
            children.put(spec.id(), child);
            return child;
        } finally {
            lock.unlock();
        }
    }

    /** Frees the name of a child that is down; a close still waits until the child is stopped. */
    private void deregister(NamedChild child) {
        lock.lock();
        try {
            children.remove(child.id(), child);
            ending.add(child);
        } finally {
            lock.unlock();
        }
        child.stopped().whenComplete((done, failure) -> {
            lock.lock();
            try {
                ending.remove(child);
            } finally {
                lock.unlock();
            }
        });
    }

    /** All children that have names, in the order in which they were started. */
    List<NamedChild> all() {
        lock.lock();
        try {
            return new ArrayList<>(children.values());
        } finally {
            lock.unlock();
        }
    }

    /** The child of a name; null if there is none. */
    @Nullable
    NamedChild find(String name) {
        Objects.requireNonNull(name, "name");
        lock.lock();
        try {
            return children.get(name);
        } finally {
            lock.unlock();
        }
    }

    /** Accepts no names from now on. */
    Closing close() {
        lock.lock();
        try {
            if (closed != null) {
                return new Closing(closed, false, List.of(), List.of());
            }
            CompletableFuture<Void> result = new CompletableFuture<>();
            closed = result;
            List<NamedChild> newestFirst = new ArrayList<>(children.values());
            Collections.reverse(newestFirst);
            List<NamedChild> all = new ArrayList<>(newestFirst);
            all.addAll(ending);
            return new Closing(result, true, newestFirst, all);
        } finally {
            lock.unlock();
        }
    }
}
