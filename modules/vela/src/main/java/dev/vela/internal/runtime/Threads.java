package dev.vela.internal.runtime;

import dev.vela.internal.scheduling.ClientThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.pulsar.client.api.PulsarClientException;

/** Knows which threads must never block: Vela's own, and the Pulsar client's working threads. */
public final class Threads {
    static final String CONTROL = "vela-control-";
    static final String WORKER = "vela-worker-";
    static final String CALLBACK = "vela-callback-";

    /*
     * Recognized by name, and the client's I/O threads also by what they do, since an application may name the threads
     * that clients share. The thread that runs a consumer's message listeners (pulsar-external-listener) is not listed:
     * the application may block it. Its class is the same as that of the others, so checking for a Netty thread is not
     * enough.
     */
    private static final String[] BUSY = {
        CONTROL,
        WORKER,
        CALLBACK,
        "pulsar-client-io",
        "pulsar-timer",
        "pulsar-client-internal",
        "pulsar-client-scheduled",
        "pulsar-client-lookup",
        "pulsar-client-binary-proto-lookup",
        "AsyncHttpClient"
    };

    private Threads() {}

    public static boolean mayBlock() {
        Thread current = Thread.currentThread();
        String name = current.getName();
        for (String prefix : BUSY) {
            if (name.startsWith(prefix)) {
                return false;
            }
        }
        return !ClientThreads.isOne(current);
    }

    /** Throws on a thread that must not block. */
    public static void checkMayBlock(String method, String instead) {
        if (!mayBlock()) {
            throw new IllegalStateException(method + " would block "
                    + Thread.currentThread().getName() + ", on which Vela or the Pulsar client does its work: use "
                    + instead);
        }
    }

    /** Waits for a future. An interrupt ends the wait, not the operation behind the future. */
    public static <V> V join(CompletableFuture<V> future, String what) throws PulsarClientException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PulsarClientException(new InterruptedException("interrupted in " + what + "; it goes on"));
        } catch (ExecutionException e) {
            throw PulsarClientException.unwrap(e.getCause());
        }
    }
}
