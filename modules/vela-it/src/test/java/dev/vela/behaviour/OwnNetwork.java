package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vela.Vela;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pulsar.client.api.PulsarClientException;

/** The network of one application alone, which can be cut: a SOCKS proxy that its client is given. */
final class OwnNetwork implements AutoCloseable {
    private static final int IPV4 = 1;
    private static final int NAME = 3;

    private volatile ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isCut;

    OwnNetwork() throws IOException {
        ServerSocket first = server;
        daemon(() -> accept(first));
    }

    /** A runtime whose client has this network and no other. */
    Vela vela() throws PulsarClientException {
        return new PatientVela(Vela.builder()
                .serviceUrl(Broker.url())
                .customizeClient(client -> client.socks5ProxyAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort())))
                .build());
    }

    /**
     * Closes all connections, and refuses others until {@link #heal}. It does not close them later: the client waits
     * for ever for the answer of a SOCKS proxy.
     */
    void cut() throws IOException {
        isCut = true;
        server.close();
        open.forEach(OwnNetwork::closeQuietly);
    }

    void heal() throws IOException {
        isCut = false;
        ServerSocket again = new ServerSocket(server.getLocalPort(), 50, InetAddress.getLoopbackAddress());
        server = again;
        daemon(() -> accept(again));
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket from = listening.accept();
                open.add(from);
                daemon(() -> serve(from));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket from) {
        try (from;
                Socket to = new Socket()) {
            DataInputStream in = new DataInputStream(from.getInputStream());
            in.readByte(); // version
            in.skipNBytes(in.readUnsignedByte()); // methods
            from.getOutputStream().write(new byte[] {5, 0});
            in.skipNBytes(3); // version, connect, reserved
            InetSocketAddress target = new InetSocketAddress(host(in), in.readUnsignedShort());
            open.add(to);
            if (isCut) {
                return;
            }
            to.connect(target);
            from.getOutputStream().write(new byte[] {5, 0, 0, IPV4, 0, 0, 0, 0, 0, 0});
            daemon(() -> copy(to, from));
            copy(from, to);
        } catch (IOException e) {
            // Whoever wanted to connect will try again.
        } finally {
            open.remove(from);
        }
    }

    private static String host(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        byte[] address = in.readNBytes(kind == IPV4 ? 4 : kind == NAME ? in.readUnsignedByte() : 16);
        return kind == NAME
                ? new String(address, UTF_8)
                : InetAddress.getByAddress(address).getHostAddress();
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            if (!isCut) {
                from.getInputStream().transferTo(to.getOutputStream());
            }
        } catch (IOException e) {
            // Cut.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "own-network");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        cut();
    }
}
