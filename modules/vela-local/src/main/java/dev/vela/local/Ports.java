package dev.vela.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** The ports that a server listens on. */
record Ports(List<Integer> numbers) {

    /*
     * All ports lie below every usual range of ephemeral ports. The system may give an ephemeral port to any outgoing
     * connection while the server that owns the port is dead, and then the server could not restart. A client that
     * keeps trying to reconnect can even be connected to itself.
     */
    private static final int LOWEST = 10_000;
    private static final int END = 32_768;
    private static final int MAX_TRIES = 1_000;

    /**
     * Returns different ports that are free at this moment.
     *
     * @param count the number of ports
     */
    static Ports free(int count, Random random) {
        Set<Integer> numbers = new LinkedHashSet<>();
        for (int tries = 0; tries < MAX_TRIES && numbers.size() < count; tries++) {
            int port = LOWEST + random.nextInt(END - LOWEST);
            if (isFree(port)) {
                numbers.add(port);
            }
        }
        if (numbers.size() < count) {
            throw new LocalPulsarException("no free port found between " + LOWEST + " and " + END);
        }
        return new Ports(List.copyOf(numbers));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Parses the result of {@link #toString}.
     *
     * @param count the required number of ports
     */
    static Ports parse(String text, int count) {
        List<String> numbers = List.of(text.strip().split(" ", -1));
        if (numbers.size() != count || !numbers.stream().allMatch(number -> number.matches("\\d{1,5}"))) {
            throw new LocalPulsarException("ports must be " + count + " numbers, were " + text);
        }
        return new Ports(numbers.stream().map(Integer::valueOf).toList());
    }

    int get(int index) {
        return numbers.get(index);
    }

    @Override
    public String toString() {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
