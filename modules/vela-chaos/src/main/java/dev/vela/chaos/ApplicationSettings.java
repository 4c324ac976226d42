package dev.vela.chaos;

import dev.vela.InFlightPolicy;
import dev.vela.chaos.Publisher.Destination;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.ClientBuilder;

/**
 * The command line of a life of the application.
 *
 * @param life the number of this life
 * @param journal the file of its journal
 * @param serviceUrl the cluster
 * @param token the file of the token that authenticates the application
 * @param setup the setup of publishing
 * @param mainTopic the topic of keyed and unkeyed messages
 * @param mainPartitions the number of its partitions
 * @param sideTopic the topic for the faults that no topic survives
 * @param sidePartitions the number of its partitions
 * @param singleTopic a topic without partitions
 * @param role the role of this life
 * @param socksPort the port of the proxy for all its connections; 0 for no proxy
 */
record ApplicationSettings(
        int life,
        Path journal,
        String serviceUrl,
        Path token,
        Setup setup,
        String mainTopic,
        int mainPartitions,
        String sideTopic,
        int sidePartitions,
        String singleTopic,
        Role role,
        int socksPort) {
    /*
     * Both subjects get a client that detects failures within seconds. The defaults take half a minute or more, so a
     * run of minutes would be spent waiting.
     */
    static final int MAX_PENDING = 1_000;
    static final Duration DISCONNECTED_LIMIT = Duration.ofSeconds(10);
    static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(5);
    private static final int NOTICE_SECONDS = 5;
    static final Duration LONGEST_BACKOFF = Duration.ofSeconds(NOTICE_SECONDS);

    /** The size of a chunk, where messages are split into chunks. */
    static final int CHUNK_BYTES = 10_000;

    /** The role of a life of the application. */
    enum Role {
        /** Publishes to all topics. */
        PUBLISHER,
        /** Competes with another application for the topic that has a leader. */
        CANDIDATE
    }

    /** Returns these settings for one of the two candidates that compete for a topic. */
    ApplicationSettings asCandidate(int number, Path file, int proxy) {
        return new ApplicationSettings(
                number,
                file,
                serviceUrl,
                token,
                setup,
                mainTopic,
                mainPartitions,
                sideTopic,
                sidePartitions,
                singleTopic,
                Role.CANDIDATE,
                proxy);
    }

    /** Returns the full name of a topic in the namespace of the single topic. */
    String topic(String name) {
        return singleTopic.substring(0, singleTopic.lastIndexOf('/') + 1) + name;
    }

    /** Returns the keys for encrypted messages. */
    KeyFiles keys() {
        return new KeyFiles(Objects.requireNonNull(token.toAbsolutePath().getParent(), "folder of the token"));
    }

    boolean batching() {
        return setup.batching();
    }

    int producers() {
        return setup.producers();
    }

    InFlightPolicy inFlight() {
        return setup.inFlight();
    }

    /** Applies these settings to a client. */
    void customize(ClientBuilder client) {
        client.authentication(AuthenticationFactory.token(this::readToken))
                .keepAliveInterval(NOTICE_SECONDS, TimeUnit.SECONDS)
                .connectionTimeout(NOTICE_SECONDS, TimeUnit.SECONDS)
                .operationTimeout(2 * NOTICE_SECONDS, TimeUnit.SECONDS)
                .lookupTimeout(2 * NOTICE_SECONDS, TimeUnit.SECONDS);
        if (socksPort > 0) {
            client.socks5ProxyAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), socksPort));
        }
    }

    private String readToken() {
        try {
            return Files.readString(token);
        } catch (IOException e) {
            throw new UncheckedIOException("the token cannot be read", e);
        }
    }

    /** Returns the settings as arguments. */
    List<String> arguments() {
        return List.of(
                "life=" + life,
                "journal=" + journal,
                "serviceUrl=" + serviceUrl,
                "token=" + token,
                "subject=" + setup.subject(),
                "batching=" + setup.batching(),
                "deduplication=" + setup.deduplication(),
                "producers=" + setup.producers(),
                "inFlight=" + setup.inFlight(),
                "perSecond=" + setup.perSecond(),
                "dimensions=" + setup.dimensions().stream().map(Dimension::name).collect(Collectors.joining(",")),
                "mainTopic=" + mainTopic,
                "mainPartitions=" + mainPartitions,
                "sideTopic=" + sideTopic,
                "sidePartitions=" + sidePartitions,
                "singleTopic=" + singleTopic,
                "role=" + role,
                "socksPort=" + socksPort);
    }

    /** Reads arguments. */
    static ApplicationSettings parse(String... arguments) {
        Map<String, String> values = Arrays.stream(arguments)
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return new ApplicationSettings(
                number(values, "life"),
                Path.of(value(values, "journal")),
                value(values, "serviceUrl"),
                Path.of(value(values, "token")),
                new Setup(
                        Subject.valueOf(value(values, "subject")),
                        Boolean.parseBoolean(value(values, "batching")),
                        Boolean.parseBoolean(value(values, "deduplication")),
                        number(values, "producers"),
                        InFlightPolicy.valueOf(value(values, "inFlight")),
                        number(values, "perSecond"),
                        Arrays.stream(value(values, "dimensions").split(",", -1))
                                .filter(name -> !name.isEmpty())
                                .map(Dimension::valueOf)
                                .collect(Collectors.toSet())),
                value(values, "mainTopic"),
                number(values, "mainPartitions"),
                value(values, "sideTopic"),
                number(values, "sidePartitions"),
                value(values, "singleTopic"),
                Role.valueOf(value(values, "role")),
                number(values, "socksPort"));
    }

    /** Returns the topic of a destination. */
    String topic(Destination destination) {
        return switch (destination) {
            case MAIN -> mainTopic;
            case SIDE -> sideTopic;
            case SINGLE -> singleTopic;
        };
    }

    private static int number(Map<String, String> values, String name) {
        return Integer.parseInt(value(values, name));
    }

    private static String value(Map<String, String> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
