package dev.vela.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** The cluster that faults are injected into. {@link #close} ends all its processes. */
interface Site extends AutoCloseable {

    /** The maximum size of a message, overhead included. */
    int MAX_MESSAGE_BYTES = 1 << 20;

    /** The longest time that a server may take to start, on a busy machine. */
    Duration READY_WITHIN = Duration.ofMinutes(3);

    /** Returns the URL for clients; their connections pass through a proxy. */
    String serviceUrl();

    /** Returns the URLs of the web services. */
    List<String> adminUrls();

    /** Returns the issuer of the tokens that the cluster accepts. */
    Tokens tokens();

    List<Server> brokers();

    /**
     * Returns the index of the broker that owns a topic or partition; empty if the owner cannot be determined now.
     * Blocks.
     */
    OptionalInt ownerOf(String topic);

    /** Returns the bookies that run in separate processes. */
    List<Server> bookies();

    /** Returns the ZooKeepers that run in separate processes. */
    List<Server> zooKeepers();

    /** Returns the proxies for clients' connections, one for each broker. */
    List<FaultProxy> proxies();

    /** Returns the faults that this site supports. */
    Set<FaultKind> possible();

    @Override
    void close();

    /** Returns all processes, in the order of their dependencies. */
    default List<Server> servers() {
        return Stream.of(zooKeepers(), bookies(), brokers())
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Makes all processes run again: those that were killed or frozen, and those that ended as a consequence. May be
     * called again if it throws.
     */
    default void mend() {
        servers().forEach(Server::mend);
    }

    /** Copies the logs of all processes to a folder. */
    default void keepLogs(Path folder) throws IOException {
        for (Server server : servers()) {
            Files.copy(server.log(), folder.resolve(server.name() + ".log"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Returns the configuration of the brokers: they accept tokens, check quotas often, and retain everything. */
    static Map<String, String> brokerConfig(Tokens tokens, boolean transactions) {
        Map<String, String> config = new HashMap<>(tokens.brokerConfig());
        config.put("backlogQuotaCheckIntervalInSeconds", "2");
        config.put("defaultRetentionTimeInMinutes", "-1");
        config.put("defaultRetentionSizeInMB", "-1");
        config.put("maxMessageSize", Integer.toString(MAX_MESSAGE_BYTES));
        config.put("transactionCoordinatorEnabled", Boolean.toString(transactions));
        return config;
    }
}
