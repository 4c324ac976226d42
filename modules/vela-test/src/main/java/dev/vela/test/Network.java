package dev.vela.test;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pulsar.client.api.ClientBuilder;

/**
 * The way from clients to brokers: a SOCKS5 proxy on this machine, through which a client makes all its connections,
 * whatever addresses the brokers name.
 *
 * <p>Thread-safe.
 */
final class Network implements AutoCloseable {
    private static final int NAMED = 3;
    private static final byte[] NO_AUTHENTICATION = {5, 0};
    private static final byte[] CONNECTED = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    private static final byte[] REFUSED = {5, 5, 0, 1, 0, 0, 0, 0, 0, 0};

    private final ServerSocket listener;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<Socket> sockets = new HashSet<>();

    Network() {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** Makes this the only way of a client to the brokers. */
    void join(ClientBuilder client) {
        client.socks5ProxyAddress((InetSocketAddress) listener.getLocalSocketAddress());
    }

    /** Breaks all connections; new ones can be made at once. */
    void cut() {
        List<Socket> broken;
        lock.lock();
        try {
            broken = new ArrayList<>(sockets);
            sockets.clear();
        } finally {
            lock.unlock();
        }
        broken.forEach(Network::close);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                daemon(() -> serve(client));
            }
        } catch (IOException e) {
            cut(); // closed
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream fromClient = client.getInputStream();
            OutputStream toClient = client.getOutputStream();
            try (Socket broker = connect(new DataInputStream(fromClient), toClient)) {
                add(client, broker);
                OutputStream toBroker = broker.getOutputStream();
                InputStream fromBroker = broker.getInputStream();
                daemon(() -> {
                    pump(fromBroker, toClient);
                    close(client);
                });
                pump(fromClient, toBroker);
                remove(client, broker);
            }
        } catch (IOException e) {
            // the connection could not be made, or is over: both ends are closed
        }
    }

    private static Socket connect(DataInputStream in, OutputStream out) throws IOException {
        in.readByte();
        in.readNBytes(in.readUnsignedByte());
        out.write(NO_AUTHENTICATION);
        in.readNBytes(3);
        int addressType = in.readUnsignedByte();
        InetAddress address = addressType == NAMED
                ? InetAddress.getByName(new String(in.readNBytes(in.readUnsignedByte()), US_ASCII))
                : InetAddress.getByAddress(in.readNBytes(addressType == 1 ? 4 : 16));
        Socket broker;
        try {
            broker = new Socket(address, in.readUnsignedShort());
        } catch (IOException e) {
            out.write(REFUSED); // a client that gets no answer waits for ever
            throw e;
        }
        out.write(CONNECTED);
        return broker;
    }

    private static void pump(InputStream in, OutputStream out) {
        byte[] buffer = new byte[64 * 1024];
        try {
            int read = in.read(buffer);
            while (read >= 0) {
                out.write(buffer, 0, read);
                read = in.read(buffer);
            }
        } catch (IOException e) {
            // the connection is over
        }
    }

    private void add(Socket client, Socket broker) {
        lock.lock();
        try {
            sockets.add(client);
            sockets.add(broker);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Socket client, Socket broker) {
        lock.lock();
        try {
            sockets.remove(client);
            sockets.remove(broker);
        } finally {
            lock.unlock();
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "vela-test-network");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
