package dev.vela.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalAdminTest {

    @Test
    void refusesWhatIsNoUrlOfAWebService() {
        assertThatThrownBy(() -> LocalAdmin.of("127.0.0.1:8080"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("adminUrl must begin with http:// or https://, was 127.0.0.1:8080");
        LocalAdmin admin = LocalAdmin.of("http://127.0.0.1:8080");
        assertThatThrownBy(() -> admin.moveBundle("topic", "pulsar://127.0.0.1:6650"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("adminUrl must begin with http:// or https://, was pulsar://127.0.0.1:6650");
    }

    @Test
    void findsTheReasonHoweverLongItIs() {
        String reason = "a \\\"quoted\\\" line\\n".repeat(100_000);

        assertThat(LocalAdmin.reason("{\"reason\": \"" + reason + "\"}")).isEqualTo(reason);
        assertThat(LocalAdmin.reason("no reason")).isEqualTo("no reason");
    }

    @Test
    void whoIsSentOnShowsItsTokenThereToo() throws IOException {
        HttpServer owner = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        HttpServer first = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> asked = new CopyOnWriteArrayList<>();
        owner.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod()
                    + ' '
                    + exchange.getRequestURI()
                    + ' '
                    + exchange.getRequestHeaders().getFirst("Authorization")
                    + ' '
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        first.createContext("/", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", "http://127.0.0.1:" + owner.getAddress().getPort() + exchange.getRequestURI());
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });
        owner.start();
        first.start();
        try {
            LocalAdmin.of("http://127.0.0.1:" + first.getAddress().getPort())
                    .withToken("secret")
                    .createPartitionedTopic("orders", 3);
        } finally {
            first.stop(0);
            owner.stop(0);
        }

        assertThat(asked).containsExactly("PUT /admin/v2/persistent/public/default/orders/partitions Bearer secret 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Message: org.apache.zookeeper.KeeperException$SessionExpiredException",
                "Message: Namespace bundle public/default/0x00000000_0x80000000 is being unloaded"
            })
    void asksAgainWhileTheBrokerIsNotReady(String message) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer broker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        broker.createContext("/", exchange -> {
            if (asked.incrementAndGet() < 3) {
                byte[] failure = ("--- An unexpected error ---\n\n" + message).getBytes(UTF_8);
                exchange.sendResponseHeaders(500, failure.length);
                exchange.getResponseBody().write(failure);
            } else {
                exchange.sendResponseHeaders(204, -1);
            }
            exchange.close();
        });
        broker.start();
        try {
            LocalAdmin.of("http://127.0.0.1:" + broker.getAddress().getPort()).createTopic("orders");
        } finally {
            broker.stop(0);
        }

        assertThat(asked).hasValue(3);
    }

    @Test
    void asksOnceWhenTheBrokerRefuses() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer broker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        broker.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        broker.start();
        try {
            LocalAdmin admin =
                    LocalAdmin.of("http://127.0.0.1:" + broker.getAddress().getPort());

            assertThatThrownBy(() -> admin.createTopic("orders")).isInstanceOf(LocalAdminException.class);
        } finally {
            broker.stop(0);
        }

        assertThat(asked).hasValue(1);
    }
}
