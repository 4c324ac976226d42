package dev.vela.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the actuator endpoint of an application, such as {@code http://host:8080/actuator/velaview}. */
final class ActuatorSource implements Source {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final int LONGEST_REASON = 300;

    private final URI address;
    private final Duration limit;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER) // would send the password elsewhere
            .build();

    /**
     * Creates a source. Throws IllegalArgumentException if the address is not of http or https; the message has no
     * password in it.
     *
     * @param address the address, perhaps with USER:PASSWORD@ before the host
     * @param headers sent with each request, each "Name: value"
     */
    ActuatorSource(URI address, List<String> headers) {
        this(address, headers, LIMIT);
    }

    /** Creates a source whose answers may take this long. */
    ActuatorSource(URI address, List<String> headers, Duration limit) {
        this.limit = limit;
        String scheme = address.getScheme();
        if (scheme == null || !(scheme.equals("http") || scheme.equals("https")) || address.getHost() == null) {
            throw new IllegalArgumentException("--url must be an http or https address with a host");
        }
        if (address.getQuery() != null || address.getFragment() != null) {
            throw new IllegalArgumentException("--url must have neither query nor fragment");
        }
        String user = address.getUserInfo();
        if (user != null) {
            String encoded = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
            this.headers.put("Authorization", "Basic " + encoded);
        }
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("--header must be 'NAME: VALUE', but there is no colon");
            }
            this.headers.put(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip());
        }
        this.address = withoutUser(address);
    }

    private static URI withoutUser(URI address) {
        String path = address.getPath() == null ? "" : address.getPath().replaceFirst("/+$", "");
        try {
            return new URI(address.getScheme(), null, address.getHost(), address.getPort(), path, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("--url must be an http or https address with a host", e);
        }
    }

    @Override
    public String describe() {
        return address.toString();
    }

    @Override
    public List<String> read(Map<String, Long> lastEvents) throws IOException {
        String after = lastEvents.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(","));
        String query = after.isEmpty() ? "" : "?after=" + URLEncoder.encode(after, StandardCharsets.UTF_8);
        String body = send(request("/report" + query).GET().build());
        @Nullable JsonNode reports = null;
        try {
            reports = mapper.readTree(body).get("reports");
        } catch (JsonProcessingException e) {
            // Something else answers there.
        }
        if (reports == null || !reports.isArray()) {
            throw new IOException(address + " does not answer with the reports of runtimes: is it Vela's endpoint?");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode report : reports) {
            texts.add(mapper.writeValueAsString(report));
        }
        return texts;
    }

    @Override
    public void restart(String instance, String name) throws IOException {
        String body = mapper.writeValueAsString(Map.of("instance", instance, "name", name));
        send(request("/restart")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(limit)
                .header("Accept", "application/json");
        try {
            headers.forEach(request::setHeader);
        } catch (IllegalArgumentException e) {
            // Its message has the value, which may be secret.
            throw new IllegalArgumentException("--header must be the name and the value of an HTTP header that may be"
                    + " set; these are refused: " + headers.keySet());
        }
        return request;
    }

    private String send(HttpRequest request) throws IOException {
        HttpResponse<String> response;
        try {
            response = sendInTime(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ConnectException e) {
            throw new IOException(address + " cannot be reached: nothing listens there, or the host is unknown", e);
        } catch (HttpTimeoutException e) {
            InterruptedIOException silent = new InterruptedIOException(address + " does not answer");
            silent.initCause(e);
            throw silent;
        } catch (IOException e) {
            throw new IOException(address + " cannot be read: " + Failures.rootMessage(e), e);
        }
        int status = response.statusCode();
        if (status / 100 == 2) {
            return response.body();
        }
        throw new IOException(
                switch (status) {
                    case 401 ->
                        address + " wants a user and password (--url https://USER:PASSWORD@…) or a token"
                                + " (--header 'Authorization: Bearer …')";
                    case 403 -> refusal(response, address + " refuses this (status 403)");
                    case 404 ->
                        address + " is not there (status 404): is the endpoint velaview exposed"
                                + " (management.endpoints.web.exposure.include)?";
                    default -> refusal(response, address + " answers with status " + status);
                });
    }

    /** The request's own limit ends with the head of the answer. */
    private HttpResponse<String> sendInTime(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no whole answer within " + limit.toSeconds() + " s");
        } finally {
            answer.cancel(true);
        }
    }

    /** The server's own words if they are plain text, such as the reason of a refused restart. */
    private static String refusal(HttpResponse<String> response, String otherwise) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        String text = response.body().strip().lines().findFirst().orElse("");
        if (!type.startsWith("text/plain") || text.isEmpty()) {
            return otherwise;
        }
        text = Text.printable(text);
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
    }

    @Override
    public void close() {
        // The client's threads end with it.
    }
}
