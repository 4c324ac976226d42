package dev.vela.local;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends the few administrative requests that tests and first steps need, to any Pulsar.
 *
 * <p>A topic is named {@code orders} (in {@code public/default}), {@code tenant/namespace/orders}, or in full,
 * {@code persistent://tenant/namespace/orders}; a namespace {@code name} (in tenant {@code public}) or
 * {@code tenant/name}.
 *
 * <p>Thread-safe. Every request blocks until it is answered, each try for 30 s at most. It throws {@link LocalAdminException} if
 * Pulsar refuses it, {@link UncheckedIOException} if no answer comes, and {@link IllegalArgumentException} for an
 * impossible name or number. A broker whose ZooKeeper session has ended carries nothing out until it has a new one, and
 * one that is unloading a bundle does nothing with the bundle: a request that meets it then is tried again for 30 s.
 */
public final class LocalAdmin {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PASSES_WITHIN = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** What a broker refuses for a moment only: while it gets a new session, or while a split still unloads a bundle. */
    private static final List<String> PASSING = List.of("SessionExpiredException", "is being unloaded");

    private static final int TEMPORARY_REDIRECT = 307;
    private static final int MOST_HOPS = 5;
    private static final Pattern PARTITIONS = Pattern.compile("\"partitions\"\\s*:\\s*(\\d+)");
    private static final Pattern OWNER = Pattern.compile("\"httpUrl\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern
            REASON = // possessive: a reason may hold a stack trace, and a loop that can backtrack recurses
            Pattern.compile("\"reason\"\\s*:\\s*\"((?:[^\"\\\\]++|\\\\.)*+)\"");

    private final HttpClient http;
    private final Supplier<List<String>> urls;
    private final @Nullable String token;

    private LocalAdmin(HttpClient http, Supplier<List<String>> urls, @Nullable String token) {
        this.http = http;
        this.urls = urls;
        this.token = token;
    }

    /**
     * Returns an admin for the Pulsar whose web service is at this URL, without authentication.
     *
     * @param adminUrl the URL, such as {@code http://127.0.0.1:8080}
     */
    public static LocalAdmin of(String adminUrl) {
        String url = requireUrl(adminUrl);
        String plain = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        return ofAny(() -> List.of(plain));
    }

    private static String requireUrl(String adminUrl) {
        Objects.requireNonNull(adminUrl, "adminUrl");
        if (!adminUrl.startsWith("http://") && !adminUrl.startsWith("https://")) {
            throw new IllegalArgumentException("adminUrl must begin with http:// or https://, was " + adminUrl);
        }
        return adminUrl;
    }

    /** Returns an admin that uses the first of these web services that accepts connections. */
    static LocalAdmin ofAny(Supplier<List<String>> urls) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        return new LocalAdmin(http, urls, null);
    }

    /** Returns a copy that sends this token with each request. */
    public LocalAdmin withToken(String bearer) {
        return new LocalAdmin(http, urls, Objects.requireNonNull(bearer, "bearer"));
    }

    /** Creates a topic without partitions. */
    public void createTopic(String topic) {
        request("PUT", TopicPath.ofTopic(topic), "");
    }

    /** Creates a partitioned topic and its partitions. */
    public void createPartitionedTopic(String topic, int partitions) {
        request("PUT", TopicPath.ofTopic(topic) + "/partitions", requirePartitions(partitions));
    }

    /** Raises the number of a topic's partitions; Pulsar refuses to lower it. */
    public void updatePartitions(String topic, int partitions) {
        request("POST", TopicPath.ofTopic(topic) + "/partitions", requirePartitions(partitions));
    }

    /** Returns the number of partitions; 0 for a topic that is not partitioned. */
    public int partitions(String topic) {
        String answer = request("GET", TopicPath.ofTopic(topic) + "/partitions", null);
        Matcher partitions = PARTITIONS.matcher(answer);
        if (!partitions.find()) {
            throw new UncheckedIOException(new IOException("no number of partitions in " + answer));
        }
        return Integer.parseInt(partitions.group(1));
    }

    /**
     * Deletes a topic, with its partitions if it has any.
     *
     * @param force whether to delete the topic even if it has producers, consumers or subscriptions: those are
     *     disconnected
     */
    public void deleteTopic(String topic, boolean force) {
        request("DELETE", partitioned(topic, "", "/partitions") + "?force=" + force, null);
    }

    /** Terminates a topic, or each of its partitions: it accepts no more messages, for good. */
    public void terminateTopic(String topic) {
        request("POST", partitioned(topic, "/terminate", "/terminate/partitions"), "");
    }

    /** Unloads a topic, or each of its partitions: its clients are disconnected and look it up again. */
    public void unloadTopic(String topic) {
        request("PUT", TopicPath.ofTopic(topic) + "/unload", "");
    }

    /** Returns the admin URL of the broker that owns a topic or partition; if there is no owner, a broker takes it. */
    public String owner(String topic) {
        String answer = request("GET", TopicPath.ofOwner(topic), null);
        Matcher owner = OWNER.matcher(answer);
        if (!owner.find()) {
            throw new UncheckedIOException(new IOException("no owner in " + answer));
        }
        return owner.group(1);
    }

    /**
     * Unloads the bundle of a topic, the part of its namespace that a broker owns as a whole. The clients of its topics
     * are disconnected and look the topics up again, and any broker may own the bundle next.
     */
    public void unloadBundle(String topic) {
        request("PUT", bundle(topic) + "/unload", "");
    }

    /** Moves the bundle of a topic, and so all topics of the bundle, to the broker with this admin URL. */
    public void moveBundle(String topic, String adminUrl) {
        String broker = URI.create(requireUrl(adminUrl)).getAuthority();
        request("PUT", bundle(topic) + "/unload?destinationBroker=" + broker, "");
    }

    /** Splits the bundle of a topic in two, and unloads both. */
    public void splitBundle(String topic) {
        request("PUT", bundle(topic) + "/split?unload=true", "");
    }

    /** Returns the bundle that contains a topic, such as {@code 0x40000000_0x80000000}. */
    public String bundleOf(String topic) {
        return request("GET", TopicPath.ofOwner(topic) + "/bundle", null);
    }

    private String bundle(String topic) {
        return TopicPath.ofNamespaceOf(topic) + '/' + bundleOf(topic);
    }

    /** Returns the statistics of a topic, or of all its partitions together, as Pulsar's JSON. */
    public String stats(String topic) {
        return request("GET", partitioned(topic, "/stats", "/partitioned-stats"), null);
    }

    /** Creates a namespace; its tenant must exist. */
    public void createNamespace(String namespace) {
        request("PUT", TopicPath.ofNamespace(namespace), "");
    }

    /** Turns deduplication on or off for all topics of a namespace. */
    public void setDeduplication(String namespace, boolean enabled) {
        request("POST", TopicPath.ofNamespace(namespace) + "/deduplication", Boolean.toString(enabled));
    }

    /** Sets whether clients may create topics of a namespace by using them. */
    public void setAutoTopicCreation(String namespace, boolean allowed) {
        request(
                "POST",
                TopicPath.ofNamespace(namespace) + "/autoTopicCreation",
                "{\"allowAutoTopicCreation\":" + allowed + (allowed ? ",\"topicType\":\"non-partitioned\"}" : "}"));
    }

    /**
     * Sets which new versions of a schema a namespace accepts.
     *
     * @param strategy a strategy of Pulsar, such as {@code BACKWARD}, {@code FULL} or {@code ALWAYS_INCOMPATIBLE}
     */
    public void setSchemaCompatibility(String namespace, String strategy) {
        if (!strategy.matches("[A-Z_]+")) {
            throw new IllegalArgumentException("strategy must be a name such as FULL, was " + strategy);
        }
        request("PUT", TopicPath.ofNamespace(namespace) + "/schemaCompatibilityStrategy", '"' + strategy + '"');
    }

    private String partitioned(String topic, String plainSuffix, String partitionedSuffix) {
        return TopicPath.ofTopic(topic) + (partitions(topic) == 0 ? plainSuffix : partitionedSuffix);
    }

    private static String requirePartitions(int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be >= 1, was " + partitions);
        }
        return Integer.toString(partitions);
    }

    private String request(String method, String path, @Nullable String json) {
        long begun = System.nanoTime();
        while (true) {
            try {
                return requestOfAny(method, path, json);
            } catch (LocalAdminException e) {
                boolean passes = PASSING.stream().anyMatch(e.reason()::contains);
                if (!passes || System.nanoTime() - begun > PASSES_WITHIN.toNanos() || !paused()) {
                    throw e;
                }
            }
        }
    }

    /** Whether the pause was not interrupted. */
    private static boolean paused() {
        try {
            Thread.sleep(PAUSE.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String requestOfAny(String method, String path, @Nullable String json) {
        IOException failure = new ConnectException("no broker is running");
        for (String url : urls.get()) {
            try {
                return request(method, url, path, json);
            } catch (ConnectException e) {
                failure = e;
            } catch (IOException e) {
                throw new UncheckedIOException(method + ' ' + url + path + " failed: " + e, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(
                        new InterruptedIOException(method + ' ' + url + path + " was interrupted"));
            }
        }
        throw new UncheckedIOException(method + ' ' + path + " failed: " + failure, failure);
    }

    private String request(String method, String url, String path, @Nullable String json)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(REQUEST_TIMEOUT)
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> response = send(request.build());
        if (response.statusCode() / 100 != 2) {
            throw new LocalAdminException(method + ' ' + url + path, response.statusCode(), reason(response.body()));
        }
        return response.body();
    }

    /**
     * Follows redirects to the broker that owns the topic: newer JDKs do not send the token to that broker by
     * themselves.
     */
    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        for (int hops = 0; response.statusCode() == TEMPORARY_REDIRECT && hops < MOST_HOPS; hops++) {
            URI next = response.uri()
                    .resolve(response.headers().firstValue("Location").orElse(""));
            response = http.send(
                    HttpRequest.newBuilder(request, (name, value) -> true)
                            .uri(next)
                            .build(),
                    BodyHandlers.ofString());
        }
        return response;
    }

    static String reason(String body) {
        Matcher reason = REASON.matcher(body);
        return reason.find() ? reason.group(1) : body;
    }
}
