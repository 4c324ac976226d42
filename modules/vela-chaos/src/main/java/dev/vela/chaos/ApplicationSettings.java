package dev.vela.chaos;

import dev.vela.InFlightPolicy;
import dev.vela.chaos.Publisher.Destination;
import java.io.IOException;
import java.io.UncheckedIOException;
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
        String singleTopic) {
    /*
     * Both subjects get a client that notices in seconds what by default takes it half a minute or more: else a run of
     * minutes would be spent waiting.
     */
    static final int MAX_PENDING = 1_000;
    static final Duration DISCONNECTED_LIMIT = Duration.ofSeconds(10);
    static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(5);
    private static final int NOTICE_SECONDS = 5;
    static final Duration LONGEST_BACKOFF = Duration.ofSeconds(NOTICE_SECONDS);

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
                "mainTopic=" + mainTopic,
                "mainPartitions=" + mainPartitions,
                "sideTopic=" + sideTopic,
                "sidePartitions=" + sidePartitions,
                "singleTopic=" + singleTopic);
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
                        number(values, "perSecond")),
                value(values, "mainTopic"),
                number(values, "mainPartitions"),
                value(values, "sideTopic"),
                number(values, "sidePartitions"),
                value(values, "singleTopic"));
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
