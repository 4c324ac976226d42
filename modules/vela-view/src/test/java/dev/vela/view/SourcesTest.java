package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SourcesTest {

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private HttpServer server;
    private int status = 200;
    private String type = "application/json";
    private String body = "{\"reports\":[{\"instance\":\"a\"},{\"instance\":\"b\"}]}";

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Authorization") + " "
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, status == 204 ? -1 : bytes.length);
        exchange.getResponseBody().write(status == 204 ? new byte[0] : bytes);
        exchange.close();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private ActuatorSource actuator(String user, String... headers) {
        return new ActuatorSource(
                URI.create("http://" + user + "127.0.0.1:" + server.getAddress().getPort() + "/actuator/velaview/"),
                List.of(headers));
    }

    @Test
    void readsAnActuatorAndShowsNoPassword() throws Exception {
        try (ActuatorSource source = actuator("ann:s3cret@")) {
            assertThat(source.read(Map.of("a", 7L))).containsExactly("{\"instance\":\"a\"}", "{\"instance\":\"b\"}");
            assertThat(source.describe())
                    .startsWith("http://127.0.0.1:")
                    .endsWith("/actuator/velaview")
                    .doesNotContain("s3cret");
        }
        assertThat(requests.take()).isEqualTo("GET /actuator/velaview/report?after=a%3A7 Basic YW5uOnMzY3JldA== ");
    }

    @Test
    void sendsATokenAndARestart() throws Exception {
        status = 204;
        try (ActuatorSource source = actuator("", "Authorization: Bearer t0ken")) {
            source.restart("a", "orders \"1\"");
        }
        assertThat(requests.take())
                .startsWith("POST /actuator/velaview/restart Bearer t0ken {")
                .contains("\"instance\":\"a\"", "\"name\":\"orders \\\"1\\\"\"");
    }

    @ParameterizedTest
    @CsvSource({
        "401, wants a user and password",
        "403, refuses this",
        "404, is the endpoint velaview exposed",
        "500, answers with status 500",
        "302, answers with status 302"
    })
    void saysWhatIsWrongWithAnActuator(int code, String message) {
        status = code;
        assertThatThrownBy(() -> actuator("ann:s3cret@").read(Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void saysWhyTheServerRefuses() {
        status = 409;
        type = "text/plain;charset=UTF-8";
        body = "restarts are turned off";
        assertThatThrownBy(() -> actuator("").restart("a", "orders")).hasMessage("restarts are turned off");
    }

    @Test
    void refusesWhatIsNoEndpointOfVela() {
        body = "{\"status\":\"UP\"}";
        assertThatThrownBy(() -> actuator("").read(Map.of())).hasMessageContaining("is it Vela's endpoint?");
        body = "<html>";
        assertThatThrownBy(() -> actuator("").read(Map.of())).hasMessageContaining("is it Vela's endpoint?");
    }

    /** The limit of a request ends with the head of its answer. */
    @Test
    void givesUpOnAnAnswerThatStalls() throws Exception {
        try (ServerSocket stalling = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("http://127.0.0.1:" + stalling.getLocalPort());
            try (ActuatorSource source = new ActuatorSource(address, List.of(), Duration.ofMillis(500))) {
                CompletableFuture<Socket> accepted = CompletableFuture.supplyAsync(() -> answerInPart(stalling));

                assertThatThrownBy(() -> source.read(Map.of()))
                        .isInstanceOf(InterruptedIOException.class)
                        .hasMessageContaining("does not answer");

                accepted.join().close();
            }
        }
    }

    private static Socket answerInPart(ServerSocket server) {
        try {
            Socket client = server.accept();
            client.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void saysThatNothingListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThat(refusal("--url", "http://127.0.0.1:" + port + "/x")).contains("cannot be reached");
        assertThat(refusal("--jmx", "127.0.0.1:" + port)).contains("127.0.0.1:" + port + " cannot be reached");
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        assertThat(refusal("1", "--jmx", "a:1")).contains("only one of PID, --url and --jmx may be given");
        assertThat(refusal("--jmx", "a")).contains("--jmx must be HOST:PORT");
        assertThat(refusal("--jmx", "ann:s3cret@a"))
                .contains("--jmx must be HOST:PORT")
                .doesNotContain("s3cret");
        assertThat(refusal("--url", "ftp://ann:s3cret@a"))
                .contains("--url must be")
                .doesNotContain("s3cret");
        assertThat(refusal("--header", "a: b")).contains("--header needs --url");
        assertThat(refusal("--url", "http://a", "--header", "s3cret"))
                .contains("--header must be")
                .doesNotContain("s3cret");
        assertThat(refusal("--interval", "0")).contains("--interval must be in [0.1, 3600.0], was 0.0");
    }

    /** A process id is easily mistyped, and to attach ends a process that is no JVM. */
    @Test
    void leavesAProcessAloneThatIsNoJvm() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        try {
            assertThat(refusal(Long.toString(process.pid()))).contains("is not a JVM that can be seen from here");
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
        process.waitFor();
        assertThat(refusal(Long.toString(process.pid()))).contains("there is no process " + process.pid());
    }

    /** Many programs catch the signal that attaching sends, and end by it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void leavesAProcessAloneThatCatchesTheSignalAndIsNoJvm() throws Exception {
        Process process = new ProcessBuilder("bash", "-c", "trap 'exit 1' QUIT; echo ready; read line").start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
            assertThat(refusal(Long.toString(process.pid()))).contains("is no JVM");
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String refusal(String... args) {
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new TopCommand(UnaryOperator.identity()))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println(failure.getMessage());
                    return 1;
                });
        assertThat(command.execute(args)).isPositive();
        return err.toString();
    }
}
