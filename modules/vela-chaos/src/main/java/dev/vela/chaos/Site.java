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

/** The cluster that terrible things are done to. Closing it ends all its processes. */
interface Site extends AutoCloseable {

    /** How large a message may be, with what is around it. */
    int MAX_MESSAGE_BYTES = 1 << 20;

    /** How long a server may take to start, on a machine that does much else. */
    Duration READY_WITHIN = Duration.ofMinutes(3);

    /** Where clients connect to; everything that they say passes through a proxy. */
    String serviceUrl();

    /** Where its web services are. */
    List<String> adminUrls();

    /** Issues what it lets in. */
    Tokens tokens();

    List<Server> brokers();

    /** Which of the brokers has a topic or partition; empty if that cannot be told now. Blocks. */
    OptionalInt ownerOf(String topic);

    /** Those that are processes of their own. */
    List<Server> bookies();

    /** Those that are processes of their own. */
    List<Server> zooKeepers();

    /** What clients' connections pass through: one for each broker. */
    List<FaultProxy> proxies();

    /** The faults that can be done here. */
    Set<FaultKind> possible();

    @Override
    void close();

    /** All processes, those first that others cannot do without. */
    default List<Server> servers() {
        return Stream.of(zooKeepers(), bookies(), brokers())
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Has all processes run again: those that were killed or frozen, and those that ended because of that. May be called
     * again if it throws.
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

    /** The settings of its brokers: they accept tokens, check quotas often, and retain everything. */
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
