package dev.vela.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Listens on a port of 127.0.0.1, and forwards connections to another one, unless it is cut. */
final class Forwarder implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean forwarding;
    private volatile boolean used;

    Forwarder() throws IOException {
        daemon(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Whether anybody has connected. */
    boolean isUsed() {
        return used;
    }

    void forwardTo(int port) {
        target = port;
        forwarding = true;
    }

    /** Closes all connections, and takes none until {@link #forwardTo}. */
    void cut() {
        forwarding = false;
        open.forEach(Forwarder::closeQuietly);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket from = server.accept();
                used = true;
                open.add(from);
                if (forwarding) {
                    Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                    open.add(to);
                    daemon(() -> copy(from, to));
                    daemon(() -> copy(to, from));
                }
                if (!forwarding) {
                    cut();
                }
            } catch (IOException e) {
                // Whoever wanted to connect will try again.
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Cut.
        } finally {
            open.remove(from);
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
        Thread thread = new Thread(task, "forwarder");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
