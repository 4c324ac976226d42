package dev.vela.local.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.pulsar.PulsarStandaloneStarter;
import org.apache.pulsar.broker.ServiceConfiguration;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminBuilder;

/**
 * A main class that runs broker, bookie and metadata store in this JVM, listening on 127.0.0.1 only. It is ready once
 * {@code public/default} accepts traffic. See {@link ServerMain}.
 *
 * <p>Arguments: {@code key=value} entries of Pulsar's {@code standalone.conf}, among them {@code brokerServicePort},
 * {@code webServicePort} and {@code bookiePort}. The data is kept in the working directory.
 */
public final class StandaloneServer {

    private StandaloneServer() {}

    /**
     * Runs the server until its standard input ends.
     *
     * @param args see the class
     */
    public static void main(String[] args) {
        ServerMain.run(StandaloneServer::start, args);
    }

    private static ServerMain.Server start(List<String> args) throws Exception {
        Configuration configuration = new Configuration(args).broker().bookie();
        configuration.setDefault("clusterName", "standalone");
        configuration.setDefault("loadBalancerEnabled", false);
        configuration.setDefault("managedLedgerDefaultEnsembleSize", 1);
        configuration.setDefault("managedLedgerDefaultWriteQuorum", 1);
        configuration.setDefault("managedLedgerDefaultAckQuorum", 1);
        // All paths are relative: a space or a comma in an absolute path would confuse Pulsar.
        Path file = configuration.write(Path.of("standalone.conf"));
        Path bookie = Files.createDirectories(Path.of("bookkeeper"));

        PulsarStandaloneStarter starter = new PulsarStandaloneStarter(new String[] {
            "--config",
            file.toString(),
            "--metadata-url",
            "rocksdb:metadata",
            "--zookeeper-dir",
            "zookeeper",
            "--bookkeeper-dir",
            bookie.toString(),
            "--bookkeeper-port",
            configuration.get("bookiePort"),
            "--no-functions-worker",
            "--no-stream-storage"
        });
        starter.start();
        lookUpDefaultNamespace(starter.getConfig(), starter.getWebServiceUrl());
        return starter::close;
    }

    /** Checks that the namespace exists, and makes the broker own its bundles before the first client asks. */
    private static void lookUpDefaultNamespace(ServiceConfiguration config, String adminUrl) throws Exception {
        PulsarAdminBuilder builder = PulsarAdmin.builder().serviceHttpUrl(adminUrl);
        if (config.isAuthenticationEnabled()) {
            builder.authentication(
                    config.getBrokerClientAuthenticationPlugin(), config.getBrokerClientAuthenticationParameters());
        }
        try (PulsarAdmin admin = builder.build()) {
            admin.namespaces().getPolicies("public/default");
            admin.lookups().lookupTopic("persistent://public/default/ready");
        }
    }
}
