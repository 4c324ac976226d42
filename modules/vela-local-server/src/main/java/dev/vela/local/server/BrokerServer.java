package dev.vela.local.server;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.broker.PulsarService;
import org.apache.pulsar.broker.ServiceConfiguration;
import org.apache.pulsar.broker.namespace.LookupOptions;
import org.apache.pulsar.common.configuration.PulsarConfigurationLoader;
import org.apache.pulsar.common.naming.TopicName;

/**
 * A main class that runs a broker of a cluster in this JVM, listening on 127.0.0.1 only. It is ready once it can look
 * up the owner of a topic of {@code public/default}. See {@link ServerMain}.
 *
 * <p>Arguments: {@code key=value} entries of Pulsar's {@code broker.conf}, among them {@code brokerServicePort},
 * {@code webServicePort} and {@code metadataStoreUrl}.
 */
public final class BrokerServer {

    private static final long LOOKUP_TIMEOUT_SECONDS = 60;

    private BrokerServer() {}

    /**
     * Runs the server until its standard input ends.
     *
     * @param args see the class
     */
    public static void main(String[] args) {
        ServerMain.run(BrokerServer::start, args);
    }

    private static ServerMain.Server start(List<String> args) throws Exception {
        Configuration configuration = new Configuration(args).broker();
        // Topics move only when a test moves them, or when their broker dies.
        configuration.setDefault("loadBalancerSheddingEnabled", false);
        configuration.setDefault("loadBalancerAutoBundleSplitEnabled", false);
        configuration.setDefault("defaultNumberOfNamespaceBundles", 16);
        ServiceConfiguration entries =
                PulsarConfigurationLoader.create(configuration.properties(), ServiceConfiguration.class);
        PulsarService broker = new PulsarService(entries, Optional.empty(), status -> ServerMain.serverEnded());
        broker.start();
        broker.getNamespaceService()
                .getBrokerServiceUrlAsync(
                        TopicName.get("persistent://public/default/ready"),
                        LookupOptions.builder().build())
                .get(LOOKUP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return broker::close;
    }
}
