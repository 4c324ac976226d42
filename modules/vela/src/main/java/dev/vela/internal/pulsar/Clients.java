package dev.vela.internal.pulsar;

import dev.vela.internal.checks.Checks;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.apache.pulsar.client.impl.PulsarServiceNameResolver;
import org.apache.pulsar.client.impl.conf.ClientConfigurationData;
import org.jspecify.annotations.Nullable;

/** The settings of a client. */
public final class Clients {
    private static final Pattern SERVICE_URL =
            Pattern.compile("(pulsar(\\+ssl)?|https?)://.+", Pattern.CASE_INSENSITIVE);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private Clients() {}

    /** Checks the address of a cluster, as the client reads it: a scheme and one or several hosts. */
    public static void checkServiceUrl(String name, String value) throws PulsarClientException.InvalidServiceURL {
        try {
            Checks.check(SERVICE_URL.matcher(value).matches(), name, "have a scheme of Pulsar", value);
            new PulsarServiceNameResolver().updateServiceUrl(value);
        } catch (IllegalArgumentException | PulsarClientException.InvalidServiceURL e) { // the port may be out of range
            throw new PulsarClientException.InvalidServiceURL(
                    name + " must be an address such as pulsar://host:6650, was " + Checks.text(value), e);
        }
    }

    /**
     * The official client that does the work: the given client, or the one that it stands before, as a framework's client
     * does that replaces its own when it is restarted. Null if there is none.
     */
    static @Nullable PulsarClientImpl official(PulsarClient client) {
        if (client instanceof PulsarClientImpl official) {
            return official;
        }
        try {
            return client.newProducer() instanceof ProducerBuilderImpl<?> builder ? builder.getClient() : null;
        } catch (RuntimeException e) { // a framework may have destroyed it
            return null;
        }
    }

    /** How long the client itself tries a look-up. */
    public static Duration lookUpTimeout(PulsarClient client) {
        PulsarClientImpl official = official(client);
        if (official == null) {
            return DEFAULT_TIMEOUT;
        }
        ClientConfigurationData configuration = official.getConfiguration();
        return Duration.ofMillis(Math.max(configuration.getLookupTimeoutMs(), configuration.getOperationTimeoutMs()));
    }
}
