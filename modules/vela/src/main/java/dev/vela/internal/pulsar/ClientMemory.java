package dev.vela.internal.pulsar;

import dev.vela.BudgetExceededException;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a client for its pending messages: one limit for all of its producers and consumers.
 *
 * <p>Thread-safe.
 */
public final class ClientMemory {
    private final PulsarClient client;
    private final long limit;
    private volatile @Nullable PulsarClientImpl last; // asking a framework's client may take its locks

    /** Creates a view of a client's memory; a client without an official one has no known limit. */
    public ClientMemory(PulsarClient client) {
        PulsarClientImpl official = Clients.official(client);
        this.client = client;
        this.last = official;
        this.limit =
                official == null ? 0 : Math.max(0, official.getConfiguration().getMemoryLimitBytes());
    }

    /** The limit in bytes; 0 if there is none. */
    public long limit() {
        return limit;
    }

    /**
     * The failure of a message that timed out although its producer is there, if full memory is the reason; or null.
     */
    public @Nullable BudgetExceededException whyNotSent() {
        PulsarClientImpl official = limit > 0 ? official() : null;
        boolean isFull = official != null && official.getMemoryLimitController().currentUsage() > limit;
        return isFull
                ? new BudgetExceededException("the client's memory limit of " + limit
                        + " bytes stayed reached for the message's whole timeout")
                : null;
    }

    private @Nullable PulsarClientImpl official() {
        PulsarClientImpl known = last;
        if (known == null || known.isClosed()) { // a framework replaces its client when it is restarted
            known = Clients.official(client);
            last = known;
        }
        return known;
    }
}
