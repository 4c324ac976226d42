package dev.vela.internal.runtime;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * What one handle has the official client do, which may run code of the user's: the customizer and key readers when a
 * producer is created, interceptors when it is closed or probed. Such code may block. It then holds some threads and delays
 * what else this handle asks for, but no other handle; and what creates never holds up what closes.
 *
 * <p>Thread-safe; never blocks.
 */
public final class ClientCalls {
    /** How many of each kind run at once. */
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

    /** Creates something, unless {@link #end} comes before its turn. */
    public <V> CompletableFuture<V> create(Callable<CompletableFuture<V>> call) {
        return engine.callOut(
                creations,
                () -> ended
                        ? CompletableFuture.failedFuture(
                                new PulsarClientException.AlreadyClosedException("stopped before it was created"))
                        : call.call());
    }

    /** Runs a call of the customizer, among those that create something. */
    public void customize(Runnable call) {
        creations.execute(call);
    }

    public <V> CompletableFuture<V> call(Callable<CompletableFuture<V>> call) {
        return engine.callOut(others, call);
    }

    /** Begins no creation from now on. */
    public void end() {
        ended = true;
    }
}
