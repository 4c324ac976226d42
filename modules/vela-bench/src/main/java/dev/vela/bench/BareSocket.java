package dev.vela.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.apache.pulsar.common.api.proto.BaseCommand;
import org.jspecify.annotations.Nullable;

/** The floor: repeatedly writes one encoded entry to a socket, with a bounded number of receipts outstanding. */
final class BareSocket implements Sender {

    private final String serviceUrl;
    private final String topic;
    private final EntryFrame frame;
    private final int window;

    private @Nullable PulsarSocket socket;
    private long entries;
    private long receipts;
    private boolean pinged;

    BareSocket(String serviceUrl, String topic, int messageBytes, int outstanding) {
        this.serviceUrl = serviceUrl;
        this.topic = topic;
        this.frame = EntryFrame.of(messageBytes, "vela-bench-socket");
        this.window = Math.max(1, outstanding / frame.messages());
    }

    /**
     * Opens a new connection for each round: an old one would not answer the broker's pings while other subjects are
     * measured.
     */
    @Override
    public void prepare() throws IOException {
        close();
        socket = PulsarSocket.open(serviceUrl, topic);
        entries = 0;
        receipts = 0;
        pinged = false;
    }

    @Override
    public Work send(Duration length) throws IOException {
        PulsarSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("not prepared");
        }
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() - end < 0) {
            if (entries - receipts < window) {
                sendEntry(open);
            } else {
                open.await();
            }
            readAll(open);
        }
        while (receipts < entries) {
            open.await();
            readAll(open);
        }
        return new Work(entries * frame.messages(), Map.of());
    }

    private void sendEntry(PulsarSocket open) throws IOException {
        ByteBuffer bytes = frame.bytes();
        open.write(bytes);
        while (bytes.hasRemaining()) {
            open.awaitWritable();
            readAll(open);
            open.write(bytes);
        }
        entries++;
        if (pinged) {
            open.pong();
            pinged = false;
        }
    }

    private void readAll(PulsarSocket open) throws IOException {
        for (BaseCommand command = open.read(); command != null; command = open.read()) {
            if (command.getType() == BaseCommand.Type.SEND_RECEIPT) {
                receipts++;
            } else if (command.getType() == BaseCommand.Type.PING) {
                pinged = true;
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
