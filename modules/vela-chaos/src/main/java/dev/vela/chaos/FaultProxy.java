package dev.vela.chaos;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on 127.0.0.1 that disturbs the traffic through it, on request. Its port is open before its target is
 * known.
 *
 * <p>Thread-safe. No method waits for the network, except {@link #close}, which waits for the proxy's threads.
 */
final class FaultProxy implements AutoCloseable {
    /*
     * The state of the network is guarded by this object's monitor. Pumps wait on the monitor while they must hold the
     * bytes that they have read. A pump that swallows bytes marks its link as torn under the same monitor: a stream
     * with a gap is useless, so a torn link is reset as soon as bytes may pass again.
     */
    private static final int CONNECT_MILLIS = 5_000;
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    /** The direction of bytes. */
    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** The treatment of bytes. */
    enum Passage {
        /** Bytes pass. */
        OPEN,
        /** Bytes are held until they may pass, and the senders' buffers fill up. */
        HELD,
        /** Bytes are read and dropped, as if the other end had vanished without closing the connection. */
        SWALLOWED
    }

    private final ServerSocket listener;
    private final boolean socks;
    private final Thread acceptor;
    private final Set<ProxyLink> links = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private volatile @Nullable InetSocketAddress target;

    @GuardedBy("this")
    private Passage toServer = Passage.OPEN;

    @GuardedBy("this")
    private Passage toClient = Passage.OPEN;

    @GuardedBy("this")
    private long delayNanos;

    @GuardedBy("this")
    private boolean severed;

    @GuardedBy("this")
    private boolean closed;

    private FaultProxy(ServerSocket listener, boolean socks) {
        this.listener = listener;
        this.socks = socks;
        this.acceptor = start("fault-proxy-accept-" + listener.getLocalPort(), this::accept);
    }

    /** Opens a proxy that listens on a free port, and resets every connection until it has a target. */
    static FaultProxy open() throws IOException {
        return new FaultProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), false);
    }

    /** Opens a SOCKS proxy: each connection names its target. */
    static FaultProxy openSocks() throws IOException {
        return new FaultProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), true);
    }

    /** Returns the port to connect to. */
    int port() {
        return listener.getLocalPort();
    }

    /** Sets the target of new connections: a port of this machine. */
    void target(int port) {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Returns the number of connections that pass through the proxy now. */
    int connections() {
        return links.size();
    }

    /** Resets every connection. New connections are accepted. */
    void cut() {
        links.forEach(ProxyLink::reset);
    }

    /** Resets every connection, and each new connection until {@link #heal}. */
    void sever() {
        synchronized (this) {
            severed = true;
        }
        cut();
    }

    private synchronized boolean isSevered() {
        return severed;
    }

    /** Adds this delay to all bytes, in both directions; it reduces the throughput, too. */
    synchronized void delay(Duration delay) {
        delayNanos = delay.toNanos();
        notifyAll();
    }

    /** Sets the treatment of the bytes in a direction. */
    synchronized void set(Direction direction, Passage passage) {
        if (direction == Direction.TO_SERVER) {
            toServer = passage;
        } else {
            toClient = passage;
        }
        notifyAll();
    }

    /** Lets all bytes pass without delay, and resets the connections that have lost bytes. */
    void heal() {
        List<ProxyLink> torn = new ArrayList<>();
        synchronized (this) {
            severed = false;
            toServer = Passage.OPEN;
            toClient = Passage.OPEN;
            delayNanos = 0;
            links.stream().filter(ProxyLink::isTorn).forEach(torn::add);
            notifyAll();
        }
        torn.forEach(ProxyLink::reset);
    }

    /** Waits until bytes that have just been read may pass. Returns whether they pass, rather than being swallowed. */
    synchronized boolean mayPass(ProxyLink link, Direction direction) throws InterruptedException {
        long since = System.nanoTime();
        while (!closed) {
            if (passage(direction) == Passage.SWALLOWED) {
                link.tear(direction);
                return false;
            }
            if (passage(direction) == Passage.HELD) {
                wait();
                continue;
            }
            long leftMillis = (delayNanos - (System.nanoTime() - since)) / 1_000_000;
            if (leftMillis <= 0) {
                return !link.isTorn(direction);
            }
            wait(leftMillis);
        }
        return false;
    }

    @GuardedBy("this")
    private Passage passage(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toClient;
    }

    private void accept() {
        while (true) {
            try {
                Socket client = listener.accept();
                start("fault-proxy-connect-" + client.getPort(), () -> connect(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        ProxyLink link = new ProxyLink(this, client, server);
        links.add(link);
        try {
            InetSocketAddress address = isSevered() ? null : socks ? Socks.accept(client) : target;
            if (address == null) {
                throw new IOException("no target");
            }
            server.connect(address, CONNECT_MILLIS);
            if (isSevered()) { // severed meanwhile
                throw new IOException("severed");
            }
            if (socks) {
                Socks.connected(client);
            }
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread back =
                    start("fault-proxy-back-" + client.getPort(), () -> link.pump(server, client, Direction.TO_CLIENT));
            link.pump(client, server, Direction.TO_SERVER);
            join(back);
        } catch (IOException e) {
            // The client sees a reset.
        } finally {
            link.reset();
            links.remove(link);
        }
    }

    private Thread start(String name, Runnable task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } finally {
                        threads.remove(Thread.currentThread());
                    }
                },
                name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    /** Ends every connection and every thread. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            listener.close();
        } catch (IOException e) {
            // The listener is closed anyway.
        }
        join(acceptor);
        while (!threads.isEmpty()) { // an accepted connection may have become a link meanwhile
            cut();
            threads.stream().findAny().ifPresent(FaultProxy::join);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(CLOSE_WAIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
