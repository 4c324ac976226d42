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
 * What a life of the application is given on its command line.
 *
 * @param life which one it is
 * @param journal the file of its journal
 * @param serviceUrl the cluster
 * @param token the file of the token that it shows
 * @param setup how it publishes
 * @param mainTopic the topic of keyed and unkeyed messages
 * @param mainPartitions its partitions
 * @param sideTopic the topic to which things happen that no topic survives
 * @param sidePartitions its partitions
 * @param singleTopic a topic without partitions
 * @param role what this life is
 * @param socksPort where the proxy is that all its connections go through; 0 for none
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
     * Both subjects get a client that notices in seconds what by default takes it half a minute or more: else a run of
     * minutes would be spent waiting.
     */
    static final int MAX_PENDING = 1_000;
    static final Duration DISCONNECTED_LIMIT = Duration.ofSeconds(10);
    static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(5);
    private static final int NOTICE_SECONDS = 5;
    static final Duration LONGEST_BACKOFF = Duration.ofSeconds(NOTICE_SECONDS);

    /** The size of chunks, where messages are cut. */
    static final int CHUNK_BYTES = 10_000;

    /** What a life of an application is. */
    enum Role {
        /** It publishes to all topics. */
        PUBLISHER,
        /** It competes with another one for the topic that has a leader. */
        CANDIDATE
    }

    /** The same for one of the two that compete for a topic. */
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

    /** One of the topics beside the single one, in the same namespace. */
    String topic(String name) {
        return singleTopic.substring(0, singleTopic.lastIndexOf('/') + 1) + name;
    }

    /** The keys of encrypted messages. */
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

    /** Makes the client's settings. */
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

    /** As arguments. */
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

    /** The topic of this kind. */
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
