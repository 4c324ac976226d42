package dev.vela.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.apache.pulsar.common.api.proto.BaseCommand;
import org.apache.pulsar.common.api.proto.CommandLookupTopicResponse;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a broker that speaks just enough of Pulsar's protocol to publish to one topic: no TLS, no
 * authentication. Confined to one thread.
 */
final class PulsarSocket implements AutoCloseable {

    static final long PRODUCER_ID = 1;

    private static final int DEFAULT_PORT = 6650;
    private static final int PROTOCOL_VERSION = 19;
    private static final int MOST_LOOKUPS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SEND_BUFFER_BYTES = 4 * 1024 * 1024;

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer input = ByteBuffer.allocate(64 * 1024).flip();

    private PulsarSocket(URI broker) throws IOException {
        channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
            channel.connect(
                    new InetSocketAddress(broker.getHost(), broker.getPort() < 0 ? DEFAULT_PORT : broker.getPort()));
            channel.configureBlocking(false);
            selector = Selector.open();
            key = channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Connects to the broker that serves a topic, and opens a producer on it. */
    static PulsarSocket open(String serviceUrl, String topic) throws IOException {
        URI broker = URI.create(serviceUrl);
        boolean authoritative = false;
        for (int lookups = 0; lookups < MOST_LOOKUPS; lookups++) {
            PulsarSocket socket = new PulsarSocket(broker);
            try {
                socket.connect();
                CommandLookupTopicResponse found = socket.lookUp(topic, authoritative);
                URI server = URI.create(found.getBrokerServiceUrl());
                boolean there = found.isProxyThroughServiceUrl() || server.equals(broker);
                if (found.getResponse() == CommandLookupTopicResponse.LookupType.Connect && there) {
                    socket.openProducer(topic);
                    return socket;
                }
                broker = server;
                authoritative = found.isAuthoritative();
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
            socket.close();
        }
        throw new IOException("no broker serves " + topic);
    }

    private void connect() throws IOException {
        BaseCommand connect = new BaseCommand().setType(BaseCommand.Type.CONNECT);
        connect.setConnect().setClientVersion("vela-bench").setProtocolVersion(PROTOCOL_VERSION);
        request(connect, BaseCommand.Type.CONNECTED);
    }

    private CommandLookupTopicResponse lookUp(String topic, boolean authoritative) throws IOException {
        BaseCommand lookup = new BaseCommand().setType(BaseCommand.Type.LOOKUP);
        lookup.setLookupTopic().setTopic(topic).setRequestId(1).setAuthoritative(authoritative);
        CommandLookupTopicResponse response =
                request(lookup, BaseCommand.Type.LOOKUP_RESPONSE).getLookupTopicResponse();
        if (response.getResponse() == CommandLookupTopicResponse.LookupType.Failed) {
            throw new IOException("cannot look up " + topic + ": " + response.getMessage());
        }
        return response;
    }

    private void openProducer(String topic) throws IOException {
        BaseCommand producer = new BaseCommand().setType(BaseCommand.Type.PRODUCER);
        producer.setProducer().setTopic(topic).setProducerId(PRODUCER_ID).setRequestId(2);
        request(producer, BaseCommand.Type.PRODUCER_SUCCESS);
    }

    private BaseCommand request(BaseCommand command, BaseCommand.Type answer) throws IOException {
        write(command);
        while (true) {
            BaseCommand answered = read();
            if (answered == null) {
                await();
            } else if (answered.getType() == answer) {
                return answered;
            }
        }
    }

    /** Writes a whole command, however long that takes. */
    private void write(BaseCommand command) throws IOException {
        byte[] body = command.toByteArray();
        ByteBuffer frame = ByteBuffer.allocate(2 * Integer.BYTES + body.length);
        frame.putInt(Integer.BYTES + body.length).putInt(body.length).put(body).flip();
        while (frame.hasRemaining()) {
            if (!write(frame)) {
                awaitWritable();
            }
        }
    }

    /** Writes the part of a frame that the socket accepts now; returns whether it accepted any byte. */
    boolean write(ByteBuffer frame) throws IOException {
        return channel.write(frame) > 0;
    }

    /** Answers a ping. Must not be called while a frame is only partly written. */
    void pong() throws IOException {
        BaseCommand pong = new BaseCommand().setType(BaseCommand.Type.PONG);
        pong.setPong();
        write(pong);
    }

    /**
     * Returns the next command that has arrived; null if none has.
     *
     * @throws IOException if the command is an error
     */
    @Nullable
    BaseCommand read() throws IOException {
        if (!hasWholeFrame()) {
            input.compact();
            int read = channel.read(input);
            input.flip();
            if (read < 0) {
                throw new EOFException("the broker closed the connection");
            }
            if (!hasWholeFrame()) {
                return null;
            }
        }
        int next = input.position() + Integer.BYTES + input.getInt(input.position());
        byte[] body = new byte[input.getInt(input.position() + Integer.BYTES)];
        input.position(input.position() + 2 * Integer.BYTES);
        input.get(body);
        input.position(next);
        BaseCommand command = new BaseCommand();
        command.parseFrom(body);
        return switch (command.getType()) {
            case ERROR -> throw new IOException("refused: " + command.getError().getMessage());
            case SEND_ERROR ->
                throw new IOException("refused: " + command.getSendError().getMessage());
            case CLOSE_PRODUCER -> throw new IOException("the broker closed the producer");
            default -> command;
        };
    }

    private boolean hasWholeFrame() {
        return input.remaining() >= Integer.BYTES
                && input.remaining() >= Integer.BYTES + input.getInt(input.position());
    }

    /** Waits until there is something to read. */
    void await() throws IOException {
        await(SelectionKey.OP_READ);
    }

    /** Waits until there is something to read, or something can be written. */
    void awaitWritable() throws IOException {
        await(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    private void await(int operations) throws IOException {
        key.interestOps(operations);
        if (selector.select(PATIENCE.toMillis()) == 0) {
            throw new SocketTimeoutException("nothing came from the broker for " + PATIENCE);
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
