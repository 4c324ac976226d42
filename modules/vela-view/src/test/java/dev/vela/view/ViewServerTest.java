package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ViewServerTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ViewOptions ANY_PORT = new ViewOptions(null, 0, false);

    private final Simulation shop = Simulation.shop();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private ViewServer start(ViewOptions options) throws IOException {
        ViewServer server = ViewServer.start(shop, options);
        open.add(server);
        return server;
    }

    /** What was answered. */
    private record Answer(int status, String head, String body) {}

    /** Asks with exactly these headers, which a well-behaved client would not let through. */
    private static Answer ask(ViewServer server, String request, String body, String... headers) throws IOException {
        StringBuilder text = new StringBuilder(request).append(" HTTP/1.1\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        text.append("Content-Length: ").append(bytes.length).append("\r\nConnection: close\r\n\r\n");
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(bytes);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            return new Answer(
                    Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end), answer.substring(end + 4));
        }
    }

    private static String host(ViewServer server) {
        return "Host: 127.0.0.1:" + server.address().getPort();
    }

    private static Answer get(ViewServer server, String path) throws IOException {
        return ask(server, "GET " + server.address().getPath() + path, "", host(server));
    }

    private static Answer restart(ViewServer server, String body, String... headers) throws IOException {
        String[] all = new String[headers.length + 1];
        all[0] = host(server);
        System.arraycopy(headers, 0, all, 1, headers.length);
        return ask(server, "POST " + server.address().getPath() + "restart", body, all);
    }

    private String order() {
        return "{\"instance\":\"" + shop.instance() + "\",\"name\":\"orders\"}";
    }

    /** A page that watches by a stream. */
    private final class Stream implements AutoCloseable {
        private final InputStream in;
        private final BufferedReader lines;
        private ObjectNode shown = JSON.createObjectNode();
        private final List<String> kinds = new ArrayList<>();

        Stream(ViewServer server) throws IOException, InterruptedException {
            HttpResponse<InputStream> response = client.send(
                    HttpRequest.newBuilder(server.address().resolve("stream")).build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
            in = response.body();
            lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            open.add(this);
        }

        ObjectNode next() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ") && !line.equals("event: alive")) {
                    String kind = line.substring(7);
                    kinds.add(kind);
                    ObjectNode data =
                            (ObjectNode) JSON.readTree(lines.readLine().substring(6));
                    shown = kind.equals("full") ? data : Merge.apply(shown, data);
                    return shown;
                }
            }
            throw new IOException("the stream ended");
        }

        ObjectNode until(Predicate<ObjectNode> condition) throws IOException {
            while (true) {
                ObjectNode next = next();
                if (condition.test(next)) {
                    return next;
                }
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private static JsonNode topic(ObjectNode shown, int index) {
        return shown.at("/reports/0/snapshot/topics/" + index);
    }

    // ---- who may ask

    @Test
    void thePageIsAtTheAddressOnly() throws IOException {
        ViewServer server = start(ANY_PORT);
        assertThat(server.address().getHost()).isEqualTo("127.0.0.1");
        assertThat(server.address().getPath()).matches("/[A-Za-z0-9_-]{22}/");
        assertThat(get(server, "").status()).isEqualTo(200);
        assertThat(get(server, "").body()).contains("<title>Vela</title>");
        assertThat(get(server, "other").status()).isEqualTo(404);
        String path = server.address().getPath();
        String wrong = (path.charAt(1) == 'A' ? "/B" : "/A") + path.substring(2);
        for (String other : List.of("/", "/report", "/stream", wrong, wrong + "report", "/x" + path)) {
            assertThat(ask(server, "GET " + other, "", host(server)).status())
                    .as(other)
                    .isEqualTo(404);
        }
        assertThat(ask(server, "POST /restart", order(), host(server), "Content-Type: application/json")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void eachAnswerProtectsItself() throws IOException {
        ViewServer server = start(ANY_PORT);
        for (Answer answer : List.of(get(server, ""), get(server, "report"), ask(server, "GET /", "", host(server)))) {
            assertThat(answer.head().toLowerCase(Locale.ROOT))
                    .contains(
                            "content-security-policy: default-src 'none'",
                            "x-content-type-options: nosniff",
                            "x-frame-options: deny",
                            "referrer-policy: no-referrer",
                            "cache-control: no-store",
                            "cross-origin-resource-policy: same-origin")
                    .doesNotContain("access-control-allow");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:7070", "127.0.0.1.evil.example", "localhost.evil", "10.0.0.1"})
    void anotherNameIsRefused(String name) throws IOException {
        ViewServer server = start(ANY_PORT);
        assertThat(ask(server, "GET " + server.address().getPath(), "", "Host: " + name)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void theNamesOfThisMachineItselfAreItsOwn() throws IOException {
        ViewServer server = start(ANY_PORT);
        for (String name : List.of("localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:7070")) {
            assertThat(ask(server, "GET " + server.address().getPath(), "", "Host: " + name)
                            .status())
                    .as(name)
                    .isEqualTo(200);
        }
        assertThat(ask(server, "GET " + server.address().getPath(), "", host(server), "Host: evil.example")
                        .status())
                .isBetween(400, 403);
    }

    @Test
    void onAnotherAddressNumbersAndItsOwnNameAreItsNames() throws IOException {
        ViewServer server = start(new ViewOptions("0.0.0.0", 0, false));
        assertThat(server.isReachable()).isTrue();
        String path = server.address().getPath();
        assertThat(ask(server, "GET " + path, "", "Host: 10.1.2.3:80").status()).isEqualTo(200);
        assertThat(ask(server, "GET " + path, "", "Host: " + server.address().getHost())
                        .status())
                .isEqualTo(200);
        assertThat(ask(server, "GET " + path, "", "Host: evil.example").status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "127.0.0.2", "0.0.0.0"})
    @EnabledOnOs(OS.LINUX) // which has all addresses of 127
    void theAddressThatIsPrintedIsAnswered(String listen) throws Exception {
        ViewServer server = start(new ViewOptions(listen, 0, false));
        HttpResponse<String> page =
                client.send(HttpRequest.newBuilder(server.address()).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).as("%s", server.address()).isEqualTo(200);
    }

    @Test
    void dataIsNotForOtherSites() throws IOException {
        ViewServer server = start(ANY_PORT);
        for (String path : List.of("report", "stream")) {
            for (String site : List.of("cross-site", "same-site")) {
                assertThat(ask(
                                        server,
                                        "GET " + server.address().getPath() + path,
                                        "",
                                        host(server),
                                        "Sec-Fetch-Site: " + site)
                                .status())
                        .isEqualTo(403);
            }
        }
        assertThat(ask(
                                server,
                                "GET " + server.address().getPath() + "report",
                                "",
                                host(server),
                                "Sec-Fetch-Site: same-origin")
                        .status())
                .isEqualTo(200);
    }

    // ---- restart

    @Test
    void thePageRestarts() throws IOException {
        ViewServer server = start(ANY_PORT);
        shop.change("orders", 3, 0, "FENCED", "fenced");
        String origin = "Origin: http://127.0.0.1:" + server.address().getPort();
        Answer answer =
                restart(server, order(), "Content-Type: application/json", origin, "Sec-Fetch-Site: same-origin");
        assertThat(answer.status()).isEqualTo(204);
        ObjectNode report = (ObjectNode) JSON.readTree(get(server, "report").body());
        assertThat(topic(report, 0).path("state").asText()).isEqualTo("READY");
        assertThat(report.at("/reports/0/events").toString()).contains("RESTARTED");
    }

    @Test
    void anotherSiteDoesNotRestart() throws IOException {
        ViewServer server = start(ANY_PORT);
        shop.change("orders", 3, 0, "FENCED", "fenced");
        String json = "Content-Type: application/json";
        String port = ":" + server.address().getPort();
        assertThat(restart(server, order(), json, "Origin: http://evil.example").status())
                .isEqualTo(403);
        assertThat(restart(server, order(), json, "Origin: null").status()).isEqualTo(403);
        assertThat(restart(server, order(), json, "Origin: http://127.0.0.1:1").status())
                .isEqualTo(403);
        assertThat(restart(server, order(), json, "Origin: https://127.0.0.1" + port)
                        .status())
                .isEqualTo(403);
        assertThat(restart(server, order(), json, "Sec-Fetch-Site: cross-site").status())
                .isEqualTo(403);
        assertThat(restart(server, order(), json, "Sec-Fetch-Site: same-site").status())
                .isEqualTo(403);
        assertThat(restart(server, order(), json, "Sec-Fetch-Site: none").status())
                .isEqualTo(403);
        assertThat(restart(server, order(), "Content-Type: text/plain").status())
                .isEqualTo(415);
        assertThat(restart(server, order(), "Content-Type: application/x-www-form-urlencoded")
                        .status())
                .isEqualTo(415);
        assertThat(restart(server, order()).status()).isEqualTo(415);
        assertThat(get(server, "restart").status()).isEqualTo(405);
        ObjectNode report = (ObjectNode) JSON.readTree(get(server, "report").body());
        assertThat(topic(report, 0).path("state").asText()).isEqualTo("DEGRADED");
    }

    @Test
    void aRestartThatIsNotUnderstoodOrRefusedSaysWhy() throws IOException {
        ViewServer server = start(ANY_PORT);
        String json = "Content-Type: application/json; charset=utf-8";
        assertThat(restart(server, "{", json).status()).isEqualTo(400);
        assertThat(restart(server, "", json).status()).isEqualTo(400);
        assertThat(restart(server, "[]", json).status()).isEqualTo(400);
        assertThat(restart(server, "{\"instance\":1,\"name\":\"orders\"}", json).status())
                .isEqualTo(400);
        assertThat(restart(server, "\"" + "x".repeat(10_000) + "\"", json).status())
                .isEqualTo(413);
        shop.refuse("restarts are turned off in this application");
        Answer refused = restart(server, order(), json);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body()).isEqualTo("restarts are turned off in this application");
        assertThat(refused.head()).contains("text/plain");
    }

    @Test
    void readOnlyRestartsNothing() throws IOException {
        ViewServer server = start(new ViewOptions(null, 0, true));
        shop.change("orders", 3, 0, "FENCED", "fenced");
        Answer answer = restart(server, order(), "Content-Type: application/json");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("--read-only");
        ObjectNode report = (ObjectNode) JSON.readTree(get(server, "report").body());
        assertThat(report.at("/reports/0/restartAllowed").asBoolean(true)).isFalse();
        assertThat(topic(report, 0).path("state").asText()).isEqualTo("DEGRADED");
    }

    // ---- the feed

    @Test
    void aStreamIsFullAndThenWhatChanges() throws Exception {
        ViewServer server = start(ANY_PORT);
        Stream stream = new Stream(server);
        stream.next();
        shop.change("orders", 5, 0, "FENCED", "fenced by a rival");
        ObjectNode shown =
                stream.until(next -> topic(next, 0).path("state").asText().equals("DEGRADED"));
        assertThat(topic(shown, 0).at("/groups/5/producers/0/cause").asText()).isEqualTo("fenced by a rival");
        assertThat(shown.at("/reports/0/events/0/type").asText()).isEqualTo("FENCED");
        assertThat(stream.kinds).startsWith("full");
        while (!stream.kinds.contains("delta")) {
            stream.next(); // on a busy machine the stream may miss an update, and is then sent everything
        }
    }

    @Test
    void aReportHasTheEventsThatTheCallerDoesNotHave() throws IOException {
        ViewServer server = start(ANY_PORT);
        shop.change("orders", 1, 0, "FENCED", null);
        shop.change("orders", 2, 0, "FENCED", null);
        JsonNode report = JSON.readTree(
                get(server, "report?after=" + shop.instance() + ":1").body());
        assertThat(report.at("/reports/0/events").size()).isEqualTo(1);
        assertThat(report.at("/reports/0/events/0/number").asInt()).isEqualTo(2);
        assertThat(get(server, "report?after=" + shop.instance() + ":x").status())
                .isEqualTo(400);
    }

    @Test
    void isReadOnlyWhileSomebodyWatches() throws Exception {
        ViewServer server = start(ANY_PORT);
        Thread reader = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("vela-view-reader"))
                .findAny()
                .orElseThrow();
        await().atMost(PATIENCE).until(() -> reader.getState() == Thread.State.WAITING);
        assertThat(shop.reads()).isZero();
        Stream stream = new Stream(server);
        stream.next();
        stream.next();
        stream.close();
        await().atMost(PATIENCE).until(() -> server.streams() == 0 && reader.getState() == Thread.State.WAITING);
    }

    @Test
    void isReadOnceForAllPages() throws Exception {
        ViewServer server = start(ANY_PORT);
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < ViewServer.MOST_STREAMS; i++) {
            streams.add(new Stream(server));
        }
        int updates = 0;
        for (int round = 0; round < 3; round++) {
            for (Stream stream : streams) {
                stream.next();
                updates++;
            }
        }
        assertThat(shop.reads()).isLessThan(updates / 3);
        Answer oneMore = get(server, "stream");
        assertThat(oneMore.status()).isEqualTo(503);
        assertThat(get(server, "").status()).as("other requests are answered").isEqualTo(200);
        streams.get(0).close();
        await().atMost(PATIENCE).until(() -> server.streams() < ViewServer.MOST_STREAMS);
        new Stream(server).next();
    }

    @Test
    void aReaderThatIsTooSlowIsDropped() throws Exception {
        ViewServer server = ViewServer.start(Simulation.ofTopics(600), ANY_PORT, Duration.ofMillis(500));
        open.add(server);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), server.address().getPort()));
            String request = "GET " + server.address().getPath() + "stream HTTP/1.1\r\n" + host(server) + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            await().atMost(PATIENCE).until(() -> server.streams() == 0);
        }
        assertThat(get(server, "").status()).isEqualTo(200);
    }

    @Test
    void anApplicationThatDoesNotAnswerIsAProblemUntilItDoes() throws Exception {
        ViewServer server = start(ANY_PORT);
        Stream stream = new Stream(server);
        stream.next();
        shop.freeze();
        ObjectNode silent = stream.until(next -> next.has("problem"));
        assertThat(silent.path("problem").asText()).isEqualTo("the application does not answer");
        assertThat(silent.path("problemSince").asText())
                .isLessThan(silent.path("time").asText());
        assertThat(silent.at("/reports/0/snapshot/topics").size())
                .as("what was last seen")
                .isEqualTo(3);
        Marks.Mark mark = server.marks().begin("freeze");
        stream.until(next -> next.at("/marks/0/label").asText().equals("freeze"));
        mark.end();
        shop.thaw();
        ObjectNode back = stream.until(next -> !next.has("problem"));
        assertThat(back.at("/marks/0").has("end")).isTrue();
    }

    @Test
    void anErrorIsAProblemUntilTheNextAnswer() throws Exception {
        AtomicBoolean isBroken = new AtomicBoolean();
        Source source = new Source() {
            @Override
            public String describe() {
                return shop.describe();
            }

            @Override
            public List<String> read(Map<String, Long> lastEvents) throws IOException {
                if (isBroken.get()) {
                    throw new OutOfMemoryError("too large a report");
                }
                return shop.read(lastEvents);
            }

            @Override
            public void restart(String instance, String name) {
                throw new NoClassDefFoundError("not here");
            }

            @Override
            public void close() {
                shop.close();
            }
        };
        ViewServer server = ViewServer.start(source, ANY_PORT);
        open.add(server);
        Stream stream = new Stream(server);
        stream.next();
        isBroken.set(true);
        ObjectNode broken = stream.until(next -> next.has("problem"));
        assertThat(broken.path("problem").asText()).isEqualTo("too large a report");
        isBroken.set(false);
        stream.until(next -> !next.has("problem"));
        assertThat(restart(server, order(), "Content-Type: application/json").status())
                .isEqualTo(409);
    }

    @Test
    void anApplicationThatEndsAndIsStartedAgainIsTakenUp() throws Exception {
        ViewServer server = start(ANY_PORT);
        Stream stream = new Stream(server);
        String first = stream.next().at("/reports/0/instance").asText();
        shop.fail("process 4711 has ended");
        assertThat(stream.until(next -> next.has("problem")).path("problem").asText())
                .isEqualTo("process 4711 has ended");
        shop.startAnew();
        shop.fail(null);
        ObjectNode back = stream.until(next -> !next.has("problem"));
        assertThat(back.path("reports").size()).isEqualTo(1);
        assertThat(back.at("/reports/0/instance").asText()).isNotEqualTo(first);
        assertThat(topic(back, 0).path("groups").size()).isEqualTo(8);
    }

    // ---- its life

    @Test
    void aPortThatIsTakenIsRefusedOrPassedOver() throws IOException {
        ViewServer first = start(ViewOptions.defaults());
        ViewServer second = start(ViewOptions.defaults());
        assertThat(second.address().getPort()).isGreaterThan(first.address().getPort());
        int taken = first.address().getPort();
        Simulation other = Simulation.shop();
        assertThatThrownBy(() -> ViewServer.start(other, new ViewOptions(null, taken, false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port " + taken);
        assertThat(other.isClosed()).isTrue();
    }

    @Test
    void badOptionsAreRefused() {
        assertThatThrownBy(() -> new ViewOptions(null, 65_536, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be in [0, 65535], was 65536");
        assertThatThrownBy(() -> new ViewOptions(" ", 0, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("listen must not be blank, was ' '");
        assertThatThrownBy(() -> ViewServer.start(shop, new ViewOptions("no.such.name.invalid", 0, false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no.such.name.invalid");
    }

    @Test
    void closeEndsEverything() throws Exception {
        ViewServer server = start(ANY_PORT);
        Stream stream = new Stream(server);
        stream.next();
        shop.freeze();
        server.close();
        server.close();
        assertThat(shop.isClosed()).isTrue();
        assertThatThrownBy(() -> stream.until(next -> false)).isInstanceOf(IOException.class);
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().matches("vela-view-(reader|http|clock).*")));
    }
}
