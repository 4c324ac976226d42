package dev.vela.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The cluster that terrible things are done to. Closing it ends all its processes. */
interface Site extends AutoCloseable {

    /** Where clients connect to; everything that they say passes through a proxy. */
    String serviceUrl();

    /** Where its web services are. */
    List<String> adminUrls();

    /** Issues what it lets in. */
    Tokens tokens();

    List<Server> brokers();

    /** Those that are processes of their own. */
    List<Server> bookies();

    /** Those that are processes of their own. */
    List<Server> zooKeepers();

    /** What clients' connections pass through. */
    List<FaultProxy> proxies();

    /** The faults that can be done here. */
    Set<FaultKind> possible();

    @Override
    void close();

    /** What its brokers are set to: to let in who has a token, to look at quotas often, to drop nothing. */
    static Map<String, String> brokerConfig(Tokens tokens) {
        Map<String, String> config = new HashMap<>(tokens.brokerConfig());
        config.put("backlogQuotaCheckIntervalInSeconds", "2");
        config.put("defaultRetentionTimeInMinutes", "-1");
        config.put("defaultRetentionSizeInMB", "-1");
        return config;
    }
}
