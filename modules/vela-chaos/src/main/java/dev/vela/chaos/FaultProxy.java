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
 * A TCP proxy on 127.0.0.1 that treats what passes through it badly, on request. Its port is there before its target is.
 *
 * <p>Thread-safe. No method waits for the network, but for {@link #close}, which waits for its threads.
 */
final class FaultProxy implements AutoCloseable {
    /*
     * What is true of the network is guarded by this object's monitor, which pumps wait on while they must hold what they
     * have read. A pump that swallows bytes marks its link as torn under the same monitor: a stream with a hole in it is
     * worth nothing, so a torn link is reset as soon as its bytes could pass again.
     */
    private static final int CONNECT_MILLIS = 5_000;
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    /** Which way bytes go. */
    enum Direction {
        TO_SERVER,
        TO_CLIENT
    }

    /** What becomes of them. */
    enum Passage {
        /** They pass. */
        OPEN,
        /** They are kept until they may pass, and the senders' buffers fill up. */
        HELD,
        /** They are taken and lost, as if the other end were gone and nobody had said so. */
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

    /** One that listens on a free port, and resets every connection until it has a target. */
    static FaultProxy open() throws IOException {
        return new FaultProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), false);
    }

    /** One that each connection tells where it is to lead, as the SOCKS protocol has it. */
    static FaultProxy openSocks() throws IOException {
        return new FaultProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), true);
    }

    /** Where to connect to. */
    int port() {
        return listener.getLocalPort();
    }

    /** Where new connections lead to from now on: a port of this machine. */
    void target(int port) {
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** How many connections pass through it now. */
    int connections() {
        return links.size();
    }

    /** Resets every connection. New ones are taken. */
    void cut() {
        links.forEach(ProxyLink::reset);
    }

    /** Resets every connection, and each new one until it is healed. */
    void sever() {
        synchronized (this) {
            severed = true;
        }
        cut();
    }

    private synchronized boolean isSevered() {
        return severed;
    }

    /** Adds this much to the way of all bytes, in both directions; they pass more slowly, too. */
    synchronized void delay(Duration delay) {
        delayNanos = delay.toNanos();
        notifyAll();
    }

    /** Says what becomes of the bytes that go this way. */
    synchronized void set(Direction direction, Passage passage) {
        if (direction == Direction.TO_SERVER) {
            toServer = passage;
        } else {
            toClient = passage;
        }
        notifyAll();
    }

    /** Lets everything pass at once, and resets the connections that have lost bytes. */
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

    /** Waits until bytes that have just been read may go on. Returns whether they do, and are not swallowed. */
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
            if (isSevered()) { // since
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
            // The client is told by a reset.
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
            // It is closed all the same.
        }
        join(acceptor);
        while (!threads.isEmpty()) { // an accepted connection may have become a link since
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
