package dev.vela.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Serves a page that shows the runtimes of an application: to browsers on this machine, unless told otherwise.
 *
 * <p>The application is read once a second at most, for all browsers together, and only while one of them watches. The
 * address contains a random token, without which every request is refused. Thread-safe. All threads are daemons, except
 * that the JDK's dispatcher is one only if the thread that starts the server is.
 */
public final class ViewServer implements AutoCloseable {

    static final int MOST_STREAMS = 20;

    private static final int OTHER_REQUESTS = 8;
    private static final int MOST_WAITING_REQUESTS = 64;
    private static final int PORTS_TRIED = 20;
    private static final int MOST_BODY_BYTES = 8 * 1024;
    private static final int MOST_QUERY_LENGTH = 4 * 1024;
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(4);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(15);
    private static final String REQUEST_SECONDS = "15";
    private static final String REQUEST_LIMIT = "sun.net.httpserver.maxReqTime";
    private static final JsonMapper JSON = new JsonMapper();

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int CONFLICT = 409;
    private static final int CONTENT_TOO_LARGE = 413;
    private static final int UNAVAILABLE = 503;

    private static final Duration READ_INTERVAL = Duration.ofSeconds(1);

    private final HttpServer http;
    private final Guard guard;
    private final URI address;
    private final boolean readOnly;
    private final Page page = Page.load();
    private final Marks marks;
    private final Feed feed;
    private final Writes writes;
    private final Semaphore streams = new Semaphore(MOST_STREAMS);
    private final ThreadPoolExecutor requests;
    private final ScheduledThreadPoolExecutor clock;

    private ViewServer(
            HttpServer http, Guard guard, URI address, Source source, boolean readOnly, Duration writeLimit) {
        this.http = http;
        this.guard = guard;
        this.address = address;
        this.readOnly = readOnly;
        this.marks = new Marks(Clock.systemUTC());
        this.feed = new Feed(source, marks, readOnly, READ_INTERVAL, Clock.systemUTC(), System::nanoTime);
        this.writes = new Writes(writeLimit);
        this.requests = new ThreadPoolExecutor(
                MOST_STREAMS + OTHER_REQUESTS,
                MOST_STREAMS + OTHER_REQUESTS,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(MOST_WAITING_REQUESTS),
                daemons("vela-view-http"));
        requests.allowCoreThreadTimeOut(true);
        this.clock = new ScheduledThreadPoolExecutor(1, daemons("vela-view-clock"));
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Starts a server. Does not block, except for looking up a name to listen on.
     *
     * @param source what is shown; the server closes it in the end, at once if this method fails
     * @param options how it listens, and what it allows
     * @throws IOException if it cannot listen there
     */
    public static ViewServer start(Source source, ViewOptions options) throws IOException {
        return start(source, options, WRITE_LIMIT);
    }

    static ViewServer start(Source source, ViewOptions options, Duration writeLimit) throws IOException {
        try {
            // Requests that do not come to an end would hold threads. The JDK's server has no other place for this.
            if (System.getProperty(REQUEST_LIMIT) == null) {
                System.setProperty(REQUEST_LIMIT, REQUEST_SECONDS);
            }
            InetAddress listen = addressOf(options.listen());
            HttpServer http = bind(listen, options.port());
            int port = http.getAddress().getPort();
            Guard guard = new Guard(names(listen, options.listen()), !listen.isLoopbackAddress());
            String shown = listen.isAnyLocalAddress() ? ownName() : null;
            try {
                ViewServer server = new ViewServer(
                        http, guard, guard.address(listen, port, shown), source, options.readOnly(), writeLimit);
                server.begin();
                return server;
            } catch (RuntimeException e) {
                http.stop(0);
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static InetAddress addressOf(@Nullable String listen) throws IOException {
        try {
            return InetAddress.getByName(listen == null ? "127.0.0.1" : listen);
        } catch (UnknownHostException e) {
            throw new IOException("there is no address " + listen + " to listen on", e);
        }
    }

    /** By what the server may be asked: the address that it prints among them. */
    private static Set<String> names(InetAddress listen, @Nullable String given) {
        Set<String> names = new HashSet<>();
        names.add(Guard.host(listen));
        if (given != null) {
            names.add(given.toLowerCase(Locale.ROOT));
        }
        String own = ownName();
        if (own != null && !listen.isLoopbackAddress()) {
            names.add(own.toLowerCase(Locale.ROOT));
        }
        return names;
    }

    /** Returns the name of this machine; null if it cannot be resolved, as in some containers. */
    private static @Nullable String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static HttpServer bind(InetAddress listen, @Nullable Integer port) throws IOException {
        int wanted = port == null ? ViewOptions.DEFAULT_PORT : port;
        for (int tried = 1; ; tried++) {
            try {
                return HttpServer.create(new InetSocketAddress(listen, wanted), 0);
            } catch (BindException e) {
                if (port != null || tried == PORTS_TRIED) {
                    throw new IOException(
                            "cannot listen on port " + wanted + " of " + listen.getHostAddress() + ": "
                                    + Failures.message(e) + "; choose another one, or 0 for any that is free",
                            e);
                }
                wanted++;
            }
        }
    }

    private void begin() {
        http.setExecutor(requests);
        http.createContext("/", this::handle);
        feed.start();
        clock.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
        http.start();
    }

    private void tick() {
        try {
            writes.dropSlow();
            feed.noticeSilence();
        } catch (Throwable e) {
            // A task that throws is not run again; the next time may go well.
        }
    }

    /** Returns the address of the page, with the token. */
    public URI address() {
        return address;
    }

    /** Returns how many pages watch by a stream. */
    int streams() {
        return MOST_STREAMS - streams.availablePermits();
    }

    /** Whether other machines can reach it. */
    boolean isReachable() {
        return !http.getAddress().getAddress().isLoopbackAddress();
    }

    /** Returns the spans that are drawn on the time line. */
    public Marks marks() {
        return marks;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            protect(exchange.getResponseHeaders());
            try {
                answer(exchange, guard.path(exchange));
            } catch (Refusal refusal) {
                String message = refusal.getMessage() == null ? "" : refusal.getMessage();
                send(exchange, refusal.status(), "text/plain; charset=utf-8", message.getBytes(StandardCharsets.UTF_8));
            } catch (InterruptedException e) {
                // the server is being closed
            }
        }
    }

    private void protect(Headers headers) {
        headers.set("Content-Security-Policy", page.policy());
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    private void answer(HttpExchange exchange, String path) throws IOException, InterruptedException, Refusal {
        switch (path) {
            case "" -> {
                requireMethod(exchange, "GET");
                send(exchange, OK, "text/html; charset=utf-8", page.html());
            }
            case "report" -> {
                requireMethod(exchange, "GET");
                Guard.requireSameSite(exchange);
                report(exchange);
            }
            case "stream" -> {
                requireMethod(exchange, "GET");
                Guard.requireSameSite(exchange);
                stream(exchange);
            }
            case "restart" -> {
                requireMethod(exchange, "POST");
                Guard.requireOwnPage(exchange);
                restart(exchange);
            }
            default -> throw new Refusal(Guard.NOT_FOUND, "There is nothing here.");
        }
    }

    private static void requireMethod(HttpExchange exchange, String method) throws Refusal {
        if (!exchange.getRequestMethod().equals(method)) {
            exchange.getResponseHeaders().set("Allow", method);
            throw new Refusal(METHOD_NOT_ALLOWED, "The method must be " + method + ".");
        }
    }

    private void report(HttpExchange exchange) throws IOException, InterruptedException, Refusal {
        Map<String, Long> after = lastEvents(exchange.getRequestURI().getQuery());
        Update update;
        try (Feed.Watch watch = feed.watch()) {
            update = watch.awaitFresh(FIRST_ANSWER);
        }
        if (update == null) {
            throw new Refusal(UNAVAILABLE, "The application has not answered yet.");
        }
        send(exchange, OK, "application/json", after.isEmpty() ? update.all() : update.allAfter(after));
    }

    /** Reads {@code after=INSTANCE:N,INSTANCE:N}. */
    private static Map<String, Long> lastEvents(@Nullable String query) throws Refusal {
        Map<String, Long> after = new HashMap<>();
        if (query == null || !query.startsWith("after=") || query.equals("after=")) {
            return after;
        }
        if (query.length() > MOST_QUERY_LENGTH) {
            throw new Refusal(BAD_REQUEST, "after must have at most " + MOST_QUERY_LENGTH + " characters.");
        }
        for (String item : query.substring("after=".length()).split(",", -1)) {
            int colon = item.lastIndexOf(':');
            String number = item.substring(colon + 1);
            if (colon < 1 || !number.matches("[0-9]{1,18}")) {
                throw new Refusal(BAD_REQUEST, "after must be INSTANCE:NUMBER,INSTANCE:NUMBER.");
            }
            after.put(item.substring(0, colon), Long.parseLong(number));
        }
        return after;
    }

    private void stream(HttpExchange exchange) throws IOException, InterruptedException, Refusal {
        if (!streams.tryAcquire()) {
            throw new Refusal(UNAVAILABLE, MOST_STREAMS + " pages watch already.");
        }
        try (Feed.Watch watch = feed.watch()) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(OK, 0);
            stream(exchange.getResponseBody(), watch);
        } finally {
            streams.release();
        }
    }

    /** A reader that was too slow for an update gets the whole next one: nothing is queued. */
    private void stream(OutputStream out, Feed.Watch watch) throws IOException, InterruptedException {
        writes.write(out, ascii("retry: 1000\n\n"));
        long version = -1;
        Update update = watch.awaitFresh(FIRST_ANSWER);
        while (!feed.isClosed()) {
            if (update == null || update.version() == version) {
                writes.write(out, ascii("event: alive\ndata:\n\n"));
            } else if (update.version() == version + 1 && version > 0) {
                writes.write(out, ascii("event: delta\ndata: "), update.changes(), ascii("\n\n"));
            } else {
                writes.write(out, ascii("event: full\ndata: "), update.all(), ascii("\n\n"));
            }
            version = update == null ? -1 : update.version();
            update = watch.await(Math.max(0, version), HEARTBEAT);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void restart(HttpExchange exchange) throws IOException, InterruptedException, Refusal {
        if (readOnly) {
            throw new Refusal(FORBIDDEN, "This viewer was started with --read-only.");
        }
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY_BYTES + 1);
        if (body.length > MOST_BODY_BYTES) {
            throw new Refusal(CONTENT_TOO_LARGE, "The body must have at most " + MOST_BODY_BYTES + " bytes.");
        }
        JsonNode order;
        try {
            order = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new Refusal(BAD_REQUEST, "The body must be JSON.");
        }
        if (!order.path("instance").isTextual() || !order.path("name").isTextual()) {
            throw new Refusal(BAD_REQUEST, "The body must be {\"instance\":\"…\",\"name\":\"…\"}.");
        }
        try {
            feed.restart(order.get("instance").textValue(), order.get("name").textValue());
        } catch (IOException e) {
            throw new Refusal(CONFLICT, Failures.message(e));
        }
        exchange.sendResponseHeaders(NO_CONTENT, -1);
    }

    private void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            writes.write(exchange.getResponseBody(), body);
        }
    }

    /** Stops the server, and closes the source. Idempotent; blocks for about a second at most. */
    @Override
    public void close() {
        clock.shutdownNow();
        http.stop(0);
        requests.shutdownNow();
        feed.close();
    }
}
