package dev.vela.internal.pulsar;

import java.time.Duration;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.apache.pulsar.client.impl.PulsarServiceNameResolver;
import org.apache.pulsar.client.impl.conf.ClientConfigurationData;

/** What a client is set to. */
public final class Clients {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private Clients() {}

    /**
     * Reads an address as the client does.
     *
     * @throws PulsarClientException.InvalidServiceURL if it is none
     */
    public static void checkAddress(String serviceUrl) throws PulsarClientException.InvalidServiceURL {
        try {
            new PulsarServiceNameResolver().updateServiceUrl(serviceUrl);
        } catch (IllegalArgumentException e) { // a port that there is not, for instance
            throw new PulsarClientException.InvalidServiceURL(e);
        }
    }

    /** For how long the client itself tries a look-up. */
    public static Duration lookUpTimeout(PulsarClient client) {
        if (!(client instanceof PulsarClientImpl official)) {
            return DEFAULT_TIMEOUT;
        }
        ClientConfigurationData configuration = official.getConfiguration();
        return Duration.ofMillis(Math.max(configuration.getLookupTimeoutMs(), configuration.getOperationTimeoutMs()));
    }
}
