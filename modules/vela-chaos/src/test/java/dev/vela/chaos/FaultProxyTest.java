package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.chaos.FaultProxy.Direction;
import dev.vela.chaos.FaultProxy.Passage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FaultProxyTest {

    private static final int LONG_MILLIS = 60_000;
    private static final int SHORT_MILLIS = 200;

    private ServerSocket server;
    private FaultProxy proxy;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        proxy = FaultProxy.open();
        proxy.target(server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    /** Both ends of a connection through the proxy. */
    private record Ends(Socket client, Socket server) {
        void clientSays(int value) throws IOException {
            client.getOutputStream().write(value);
        }

        void serverSays(int value) throws IOException {
            server.getOutputStream().write(value);
        }

        int clientHears() throws IOException {
            client.setSoTimeout(LONG_MILLIS);
            return client.getInputStream().read();
        }

        int serverHears() throws IOException {
            server.setSoTimeout(LONG_MILLIS);
            return server.getInputStream().read();
        }
    }

    private Ends connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        server.setSoTimeout(LONG_MILLIS);
        return new Ends(client, server.accept());
    }

    private static void hearsNothing(Socket socket) throws IOException {
        socket.setSoTimeout(SHORT_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void forwardsBothWays() throws Exception {
        Ends ends = connect();

        ends.clientSays(1);
        ends.serverSays(2);

        assertThat(ends.serverHears()).isEqualTo(1);
        assertThat(ends.clientHears()).isEqualTo(2);
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void endsOneSideWhenTheOtherEnds() throws Exception {
        Ends ends = connect();

        ends.client().close();

        assertThatThrownBy(() -> {
                    if (ends.serverHears() < 0) {
                        throw new SocketException("ended");
                    }
                })
                .isInstanceOf(SocketException.class);
        await().atMost(Duration.ofMinutes(1)).until(() -> proxy.connections() == 0);
    }

    @Test
    void cutResetsWhatIsThereAndTakesWhatComes() throws Exception {
        Ends ends = connect();

        proxy.cut();

        assertThatThrownBy(ends::clientHears).isInstanceOf(SocketException.class);
        assertThatThrownBy(ends::serverHears).isInstanceOf(SocketException.class);
        Ends next = connect();
        next.clientSays(1);
        assertThat(next.serverHears()).isEqualTo(1);
    }

    @Test
    void heldBytesArriveWhenItHeals() throws Exception {
        Ends ends = connect();
        proxy.set(Direction.TO_SERVER, Passage.HELD);

        ends.clientSays(1);
        hearsNothing(ends.server());
        proxy.heal();

        assertThat(ends.serverHears()).isEqualTo(1);
    }

    @Test
    void swallowsOneDirectionAndKeepsTheOtherAndTheSockets() throws Exception {
        Ends ends = connect();
        proxy.set(Direction.TO_CLIENT, Passage.SWALLOWED);

        ends.serverSays(1);
        hearsNothing(ends.client());
        ends.clientSays(2);

        assertThat(ends.serverHears()).isEqualTo(2);
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void healingResetsOnlyWhatHasLostBytes() throws Exception {
        Ends torn = connect();
        Ends whole = connect();
        proxy.set(Direction.TO_SERVER, Passage.SWALLOWED);
        torn.clientSays(1);
        hearsNothing(torn.server());

        proxy.heal();

        assertThatThrownBy(torn::clientHears).isInstanceOf(SocketException.class);
        whole.clientSays(2);
        assertThat(whole.serverHears()).isEqualTo(2);
    }

    @Test
    void acceptsWhileItSwallows() throws Exception {
        proxy.set(Direction.TO_SERVER, Passage.SWALLOWED);
        proxy.set(Direction.TO_CLIENT, Passage.SWALLOWED);

        Ends ends = connect();
        ends.clientSays(1);

        hearsNothing(ends.server());
    }

    @Test
    void delaysAndHealingEndsTheDelay() throws Exception {
        Ends ends = connect();
        proxy.delay(Duration.ofHours(1));

        ends.clientSays(1);
        hearsNothing(ends.server());
        proxy.heal();

        assertThat(ends.serverHears()).isEqualTo(1);
    }

    @Test
    void resetsConnectionsThatLeadNowhere() throws Exception {
        server.close();

        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(LONG_MILLIS);

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void leavesNothingBehind() throws Exception {
        Ends ends = connect();
        Ends held = connect();
        proxy.set(Direction.TO_SERVER, Passage.HELD);
        held.clientSays(1);

        proxy.close();
        proxy.close();

        assertThatThrownBy(ends::clientHears).isInstanceOf(IOException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("fault-proxy"));
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port()))
                .isInstanceOf(IOException.class);
    }
}
