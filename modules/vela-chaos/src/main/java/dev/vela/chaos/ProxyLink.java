package dev.vela.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** One connection through a {@link FaultProxy}. Thread-safe. */
final class ProxyLink {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server;
    private volatile boolean tornToServer;
    private volatile boolean tornToClient;

    ProxyLink(FaultProxy proxy, Socket client, Socket server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
    }

    /** Copies bytes in one direction, as the proxy allows, until one side ends; then resets both sides. */
    void pump(Socket from, Socket to, FaultProxy.Direction direction) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (proxy.mayPass(this, direction)) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException e) {
            // One side ended, or was reset.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            reset();
        }
    }

    /** Marks a direction in which bytes were lost: no more bytes may follow. */
    void tear(FaultProxy.Direction direction) {
        if (direction == FaultProxy.Direction.TO_SERVER) {
            tornToServer = true;
        } else {
            tornToClient = true;
        }
    }

    boolean isTorn(FaultProxy.Direction direction) {
        return direction == FaultProxy.Direction.TO_SERVER ? tornToServer : tornToClient;
    }

    boolean isTorn() {
        return tornToServer || tornToClient;
    }

    /** Resets the connection on both sides, instead of closing it in an orderly way. */
    void reset() {
        reset(client);
        reset(server);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // The socket is closed already.
        }
        try {
            socket.close();
        } catch (IOException e) {
            // The socket is closed anyway.
        }
    }
}
