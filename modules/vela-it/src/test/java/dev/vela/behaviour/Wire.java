package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vela.Vela;
import dev.vela.VelaBuilder;
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
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pulsar.client.api.ClientBuilder;

/**
 * The wire between one client and the broker, to be cut, or to hold back what the broker answers: a SOCKS5 proxy, since
 * that is what a client uses for every connection, whatever address a lookup tells it.
 */
final class Wire implements AutoCloseable {
    private static final byte[] NO_AUTHENTICATION = {5, 0};
    private static final byte[] CONNECTED = {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
    private static final byte[] REFUSED = {5, 5, 0, 1, 0, 0, 0, 0, 0, 0};

    private final ServerSocket listener;
    private final List<Socket> sockets = new ArrayList<>(); // guarded by lock
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private boolean holding; // guarded by lock
    private boolean refusing; // guarded by lock

    Wire() {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** A runtime whose client has this wire for its only way to the broker. */
    VelaBuilder velaBuilder() {
        return Vela.builder().serviceUrl(Broker.url()).customizeClient(this::join);
    }

    /** Makes this wire the only way of a client to the broker. */
    void join(ClientBuilder client) {
        client.socks5ProxyAddress((InetSocketAddress) listener.getLocalSocketAddress());
    }

    /** Breaks all connections; new ones can be made at once. */
    void cut() {
        lock.lock();
        try {
            sockets.forEach(Wire::close);
            sockets.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Breaks all connections, and those that are tried from now on. */
    void down() {
        refuse(true);
        cut();
    }

    /** Undoes {@link #down}. */
    void up() {
        refuse(false);
    }

    private void refuse(boolean refuse) {
        lock.lock();
        try {
            refusing = refuse;
        } finally {
            lock.unlock();
        }
    }

    /** Lets what the client says pass, but nothing that the broker answers. */
    void holdAnswers() {
        hold(true);
    }

    /** Lets all answers pass that were held back. */
    void releaseAnswers() {
        hold(false);
    }

    private void hold(boolean hold) {
        lock.lock();
        try {
            holding = hold;
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                daemon(() -> serve(client));
            }
        } catch (IOException e) {
            cut();
        }
    }

    private void serve(Socket client) {
        try {
            InputStream fromClient = client.getInputStream();
            OutputStream toClient = client.getOutputStream();
            Socket broker = shakeHands(new DataInputStream(fromClient), toClient);
            if (!add(client, broker)) {
                return;
            }
            InputStream fromBroker = broker.getInputStream();
            OutputStream toBroker = broker.getOutputStream();
            daemon(() -> pump(fromBroker, toClient, true));
            pump(fromClient, toBroker, false);
        } catch (IOException e) {
            close(client);
        }
    }

    private static Socket shakeHands(DataInputStream in, OutputStream out) throws IOException {
        in.readByte();
        in.readNBytes(in.readUnsignedByte());
        out.write(NO_AUTHENTICATION);
        in.readNBytes(3);
        int addressType = in.readUnsignedByte();
        InetAddress address = addressType == 3
                ? InetAddress.getByName(new String(in.readNBytes(in.readUnsignedByte()), US_ASCII))
                : InetAddress.getByAddress(in.readNBytes(addressType == 1 ? 4 : 16));
        try {
            Socket broker = new Socket(address, in.readUnsignedShort());
            out.write(CONNECTED);
            return broker;
        } catch (IOException e) {
            out.write(REFUSED); // a client that is not told waits for ever
            throw e;
        }
    }

    private boolean add(Socket client, Socket broker) {
        lock.lock();
        try {
            if (refusing) {
                close(client);
                close(broker);
                return false;
            }
            sockets.add(client);
            sockets.add(broker);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void pump(InputStream in, OutputStream out, boolean answers) {
        byte[] buffer = new byte[64 * 1024];
        try (in;
                out) {
            int read = in.read(buffer);
            while (read >= 0) {
                if (answers) {
                    awaitRelease();
                }
                out.write(buffer, 0, read);
                read = in.read(buffer);
            }
        } catch (IOException e) {
            // The connection is over: the try block closes both of its ends.
        }
    }

    private void awaitRelease() {
        lock.lock();
        try {
            while (holding) {
                released.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "wire");
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
        releaseAnswers();
        cut();
    }
}
