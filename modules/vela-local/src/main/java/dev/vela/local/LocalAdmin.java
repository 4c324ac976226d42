package dev.vela.local;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The few administrative requests that tests and first steps need, to any Pulsar.
 *
 * <p>A topic is named {@code orders} (in {@code public/default}), {@code tenant/namespace/orders}, or in full,
 * {@code persistent://tenant/namespace/orders}; a namespace {@code name} (in tenant {@code public}) or
 * {@code tenant/name}.
 *
 * <p>Thread-safe. Every request blocks until it is answered, for 30 s at most. It throws {@link LocalAdminException} if
 * Pulsar refuses it, {@link UncheckedIOException} if no answer comes, and {@link IllegalArgumentException} for an
 * impossible name or number.
 */
public final class LocalAdmin {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Pattern PARTITIONS = Pattern.compile("\"partitions\"\\s*:\\s*(\\d+)");
    private static final Pattern REASON = Pattern.compile("\"reason\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final HttpClient http;
    private final String url;
    private final @Nullable String token;

    private LocalAdmin(HttpClient http, String url, @Nullable String token) {
        this.http = http;
        this.url = url;
        this.token = token;
    }

    /**
     * Requests to the Pulsar whose web service is at this URL, without authentication.
     *
     * @param adminUrl such as {@code http://127.0.0.1:8080}
     */
    public static LocalAdmin of(String adminUrl) {
        String url = Objects.requireNonNull(adminUrl, "adminUrl");
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw new IllegalArgumentException("adminUrl must begin with http:// or https://, was " + url);
        }
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        return new LocalAdmin(http, url.endsWith("/") ? url.substring(0, url.length() - 1) : url, null);
    }

    /** The same, but each request bears this token. */
    public LocalAdmin withToken(String bearer) {
        return new LocalAdmin(http, url, Objects.requireNonNull(bearer, "bearer"));
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

    /** The number of partitions; 0 for a topic that is not partitioned. */
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
     * @param force also if it has producers, consumers or subscriptions: those are disconnected
     */
    public void deleteTopic(String topic, boolean force) {
        request("DELETE", partitioned(topic, "", "/partitions") + "?force=" + force, null);
    }

    /** Terminates a topic, or each partition of one: it takes no more messages, for good. */
    public void terminateTopic(String topic) {
        request("POST", partitioned(topic, "/terminate", "/terminate/partitions"), "");
    }

    /** Unloads a topic, or each partition of one: its clients are disconnected and look it up again. */
    public void unloadTopic(String topic) {
        request("PUT", TopicPath.ofTopic(topic) + "/unload", "");
    }

    /** The statistics of a topic, or those of all its partitions together, as Pulsar's JSON. */
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

    /**
     * Says which new versions of a schema a namespace accepts.
     *
     * @param strategy one of Pulsar's, such as {@code BACKWARD}, {@code FULL} or {@code ALWAYS_INCOMPATIBLE}
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
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(REQUEST_TIMEOUT)
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new LocalAdminException(
                        method + ' ' + url + path, response.statusCode(), reason(response.body()));
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(method + ' ' + url + path + " failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException(method + ' ' + url + path + " was interrupted"));
        }
    }

    private static String reason(String body) {
        Matcher reason = REASON.matcher(body);
        return reason.find() ? reason.group(1) : body;
    }
}
