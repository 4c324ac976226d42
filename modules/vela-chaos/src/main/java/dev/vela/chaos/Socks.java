package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** The part of SOCKS 5 (RFC 1928) for a client that names a host and a port, without a password. */
final class Socks {

    private static final int VERSION = 5;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final byte[] NO_PASSWORD = {VERSION, 0};
    private static final byte[] SUCCEEDED = {VERSION, 0, 0, IPV4, 0, 0, 0, 0, 0, 0};

    private Socks() {}

    /** Reads the target of a connection. */
    static InetSocketAddress accept(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        expect(VERSION, in);
        in.readFully(new byte[in.readUnsignedByte()]); // the authentication methods that the client offers
        client.getOutputStream().write(NO_PASSWORD);
        expect(VERSION, in);
        expect(CONNECT, in);
        in.readUnsignedByte(); // reserved
        InetAddress host = switch (in.readUnsignedByte()) {
            case IPV4 -> InetAddress.getByAddress(in.readNBytes(4));
            case IPV6 -> InetAddress.getByAddress(in.readNBytes(16));
            case NAME -> InetAddress.getByName(new String(in.readNBytes(in.readUnsignedByte()), US_ASCII));
            default -> throw new IOException("not an address of SOCKS 5");
        };
        return new InetSocketAddress(host, in.readUnsignedShort());
    }

    /** Tells the client that it is connected. */
    static void connected(Socket client) throws IOException {
        client.getOutputStream().write(SUCCEEDED);
    }

    private static void expect(int value, DataInputStream in) throws IOException {
        int read = in.readUnsignedByte();
        if (read != value) {
            throw new IOException("not SOCKS 5: " + read + " where " + value + " was expected");
        }
    }
}
