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
    private final @Nullable PulsarClientImpl client;
    private final long limit;

    /** Creates a view of a client's memory; a client other than the official one has no known limit. */
    public ClientMemory(PulsarClient client) {
        this.client = client instanceof PulsarClientImpl official ? official : null;
        this.limit = this.client == null
                ? 0
                : Math.max(0, this.client.getConfiguration().getMemoryLimitBytes());
    }

    /** The limit in bytes; 0 if there is none. */
    public long limit() {
        return limit;
    }

    /**
     * The failure of a message that timed out although its producer is there, if full memory is the reason; or null.
     */
    public @Nullable BudgetExceededException whyNotSent() {
        boolean isFull =
                client != null && limit > 0 && client.getMemoryLimitController().currentUsage() > limit;
        return isFull
                ? new BudgetExceededException("the client's memory limit of " + limit
                        + " bytes stayed reached for the message's whole timeout")
                : null;
    }
}
