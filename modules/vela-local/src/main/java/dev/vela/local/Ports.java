package dev.vela.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The three ports that a server listens on. */
record Ports(int broker, int web, int bookie) {

    /*
     * All of them lie below every usual range of ephemeral ports. The system may hand an ephemeral port to any outgoing
     * connection while the server that owns it is dead, and then the server could not come back; a client that keeps
     * trying to reconnect can even be connected to itself.
     */
    private static final int LOWEST = 10_000;
    private static final int END = 32_768;
    private static final int MAX_TRIES = 1_000;

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,5}) (\\d{1,5}) (\\d{1,5})");

    /** Three different ports that are free at this moment. */
    static Ports free(Random random) {
        int broker = freePort(random, 0, 0);
        int web = freePort(random, broker, 0);
        return new Ports(broker, web, freePort(random, broker, web));
    }

    private static int freePort(Random random, int taken, int alsoTaken) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            int port = LOWEST + random.nextInt(END - LOWEST);
            if (port != taken && port != alsoTaken && isFree(port)) {
                return port;
            }
        }
        throw new LocalPulsarException("no free port found between " + LOWEST + " and " + END);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The inverse of {@link #toString}. */
    static Ports parse(String text) {
        Matcher numbers = NUMBERS.matcher(text.strip());
        if (!numbers.matches()) {
            throw new LocalPulsarException("ports must be three numbers, were " + text);
        }
        return new Ports(
                Integer.parseInt(numbers.group(1)),
                Integer.parseInt(numbers.group(2)),
                Integer.parseInt(numbers.group(3)));
    }

    String serviceUrl() {
        return "pulsar://127.0.0.1:" + broker;
    }

    String adminUrl() {
        return "http://127.0.0.1:" + web;
    }

    @Override
    public String toString() {
        return broker + " " + web + " " + bookie;
    }
}
