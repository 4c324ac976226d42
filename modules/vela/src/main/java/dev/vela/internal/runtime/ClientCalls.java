package dev.vela.internal.runtime;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * One handle's calls of the official client, which may run user code: the customizer and key readers when a producer is
 * created, interceptors when a producer is closed or probed. User code may block. It then holds some threads and delays
 * other calls of this handle, but no other handle; and creations never hold up closes.
 *
 * <p>Thread-safe; never blocks.
 */
public final class ClientCalls {
    /** The maximum number of calls of each kind that run at once. */
    private static final int MOST = 4;

    private final RuntimeResources engine;
    private final Executor creations;
    private final Executor others;
    private volatile boolean ended;

    public ClientCalls(RuntimeResources engine) {
        this.engine = engine;
        this.creations = new Share(engine.workers(), MOST);
        this.others = new Share(engine.workers(), MOST);
    }

    /** Runs a call that creates something, unless {@link #end} is called before its turn. */
    public <V> CompletableFuture<V> create(Callable<CompletableFuture<V>> call) {
        return engine.callOut(
                creations,
                () -> ended
                        ? CompletableFuture.failedFuture(
                                new PulsarClientException.AlreadyClosedException("stopped before it was created"))
                        : call.call());
    }

    /** Runs a call of the customizer, queued with the creations. */
    public void customize(Runnable call) {
        creations.execute(call);
    }

    public <V> CompletableFuture<V> call(Callable<CompletableFuture<V>> call) {
        return engine.callOut(others, call);
    }

    /** Prevents further creations from starting. */
    public void end() {
        ended = true;
    }
}
