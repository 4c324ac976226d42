package dev.vela.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends administrative requests to a cluster that may be recovering. Retries each request for a while, at each broker
 * in turn. Thread-safe; blocks.
 */
final class Admin {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int RETRY_MILLIS = 300;
    private static final int TEMPORARY_REDIRECT = 307;
    private static final int MOST_HOPS = 5;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final List<String> urls;
    private final String token;

    Admin(List<String> urls, String token) {
        this.urls = urls;
        this.token = token;
    }

    /** Retries the request until it succeeds. A conflict, because the object exists already, counts as success. */
    String put(String path, String json) throws IOException, InterruptedException {
        return insist("PUT", path, json, CONFLICT);
    }

    /** Retries the request until it succeeds. A conflict counts as success. */
    String post(String path, String json) throws IOException, InterruptedException {
        return insist("POST", path, json, CONFLICT);
    }

    /** Retries the request until it succeeds. A missing object counts as success. */
    String delete(String path) throws IOException, InterruptedException {
        return insist("DELETE", path, null, NOT_FOUND);
    }

    /** Retries the request until it is answered. */
    String get(String path) throws IOException, InterruptedException {
        return insist("GET", path, null, 0);
    }

    /** Tries each broker once, until one succeeds. */
    void attempt(String method, String path) throws IOException, InterruptedException {
        String problem = "";
        for (String url : urls) {
            try {
                HttpResponse<String> response = request(url, method, path, "");
                if (response.statusCode() / 100 == 2) {
                    return;
                }
                problem = response.statusCode() + " " + response.body();
            } catch (IOException e) {
                problem = e.toString();
            }
        }
        throw new IOException(method + ' ' + path + " failed: " + problem);
    }

    private String insist(String method, String path, @Nullable String json, int asGood)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (int tries = 0; ; tries++) {
            String url = urls.get(tries % urls.size());
            String problem;
            try {
                HttpResponse<String> response = request(url, method, path, json);
                if (response.statusCode() / 100 == 2 || response.statusCode() == asGood) {
                    return response.body();
                }
                problem = response.statusCode() + " " + response.body();
            } catch (IOException e) {
                problem = e.toString();
            }
            if (System.nanoTime() - end >= 0) {
                throw new IOException(method + ' ' + url + path + " failed: " + problem);
            }
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
    }

    private HttpResponse<String> request(String url, String method, String path, @Nullable String json)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/admin/v2" + path))
                .timeout(REQUEST_TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .method(
                        method,
                        json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        return send(request.build());
    }

    /**
     * Follows redirects to the broker that owns the object: newer JDKs do not send the token to that broker by
     * themselves.
     */
    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        for (int hops = 0; response.statusCode() == TEMPORARY_REDIRECT && hops < MOST_HOPS; hops++) {
            URI next = response.uri()
                    .resolve(response.headers().firstValue("Location").orElse(""));
            response = http.send(
                    HttpRequest.newBuilder(request, (name, value) -> true)
                            .uri(next)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
        return response;
    }
}
