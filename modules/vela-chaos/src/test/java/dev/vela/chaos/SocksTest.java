package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that speaks SOCKS 5, the one of the JDK, gets where it wants through a proxy, until that is severed. */
class SocksTest {

    private static final int PATIENCE_MILLIS = 60_000;

    private final FaultProxy proxy = FaultProxy.openSocks();
    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

    SocksTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        server.close();
        proxy.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(
                new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())));
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
        return socket;
    }

    @Test
    void leadsWhereItIsTold() throws Exception {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            client.getOutputStream().write("there".getBytes(US_ASCII));
            assertThat(accepted.getInputStream().readNBytes(5))
                    .asString(US_ASCII)
                    .isEqualTo("there");
            accepted.getOutputStream().write("back".getBytes(US_ASCII));
            assertThat(client.getInputStream().readNBytes(4)).asString(US_ASCII).isEqualTo("back");
        }
    }

    @Test
    void severedItLetsNobodyThroughUntilItIsHealed() throws Exception {
        try (Socket client = connect();
                Socket accepted = server.accept()) {
            accepted.setSoTimeout(PATIENCE_MILLIS);
            proxy.sever();

            assertThatThrownBy(() -> read(client)).isInstanceOf(IOException.class);
            assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        }
        proxy.heal();

        leadsWhereItIsTold();
    }

    private static void read(Socket socket) throws IOException {
        if (socket.getInputStream().read() < 0) {
            throw new IOException("ended");
        }
    }
}
