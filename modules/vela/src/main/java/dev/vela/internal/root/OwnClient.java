package dev.vela.internal.root;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SizeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates and closes a runtime's own client. */
public final class OwnClient {
    private static final Logger log = LoggerFactory.getLogger(OwnClient.class);

    /** How long the client may take to close in good order. A healthy client takes two seconds. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private OwnClient() {}

    /**
     * Creates a builder with the settings of a runtime's own client: no memory limit, since the budgets are the limit;
     * reconnects that never pause for a minute; a dead connection noticed in 20 s; no statistics, which cost a lock for
     * each message.
     *
     * @param serviceUrl null if it is set later
     */
    @SuppressWarnings("deprecation") // statsInterval: still on by default
    public static ClientBuilder builder(@Nullable String serviceUrl) {
        ClientBuilder builder = PulsarClient.builder();
        if (serviceUrl != null) {
            builder.serviceUrl(serviceUrl);
        }
        return builder.memoryLimit(0, SizeUnit.BYTES)
                .startingBackoffInterval(100, TimeUnit.MILLISECONDS)
                .maxBackoffInterval(3, TimeUnit.SECONDS)
                .connectionTimeout(5, TimeUnit.SECONDS)
                .keepAliveInterval(10, TimeUnit.SECONDS)
                .statsInterval(0, TimeUnit.SECONDS);
    }

    /** Closes a client, in good order or otherwise. Blocks for some seconds at most. */
    static void close(PulsarClient client) throws PulsarClientException, ExecutionException, InterruptedException {
        try {
            client.closeAsync().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn("The client does not close within {}, and is shut down", GRACE);
            client.shutdown();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof PulsarClientException.AlreadyClosedException)) {
                throw e;
            }
        }
    }
}
