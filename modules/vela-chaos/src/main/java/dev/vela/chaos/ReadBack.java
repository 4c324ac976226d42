package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.CryptoKeyReader;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.impl.ReaderImpl;

/** Reads whole topics through the official client. Not thread-safe; blocks. */
final class ReadBack {
    /*
     * A mark is written to the end of each partition, and the partition is read up to the mark: otherwise the end may
     * be chunks of an incomplete message, or messages of an open transaction. If reading fails halfway, it starts
     * again, so that a history never holds a part of a partition, unless the partition cannot be read to its end at
     * all. A message that a reader gets again after a reconnect is no duplicate: within a partition, ids only grow.
     * Nor is it progress: at an entry that it cannot parse a client reconnects forever.
     * After one partition could not be read to its end, each other partition gets a single short attempt: if all were
     * unreadable, full attempts would take too long.
     * The number of chunked messages that a reader puts together at a time is not limited. A client counts a message
     * whose first chunk comes again as one that stays incomplete; beyond its limit it drops the message that it began
     * first, although that message is about to be completed. Nor does it count if the reader lost its connection: a
     * client may drop the chunks that it had of a message then.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int RECEIVE_SECONDS = 25;
    private static final int SHORT_RECEIVE_SECONDS = 5;
    private static final int PARTITIONS_SECONDS = 10;
    private static final int ANY_NUMBER = 0;
    private static final String MARK = "chaos-end";

    private final PulsarClient client;
    private final CryptoKeyReader keys;
    private final History history;
    private boolean anyUnreadable;

    /** The readings of a partition, and the reason why there are no more. */
    private record Attempt(List<Reading> readings, String problem) {}

    /**
     * Creates a reader.
     *
     * @param keys the keys of encrypted messages
     */
    ReadBack(PulsarClient client, CryptoKeyReader keys, History history) {
        this.client = client;
        this.keys = keys;
        this.history = history;
    }

    void topic(String topic) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (String partition : partitions(topic, end)) {
            MessageIdAdv mark = mark(partition, end);
            read(partition, mark, end).forEach(history::read);
        }
    }

    private List<String> partitions(String topic, long end) throws IOException, InterruptedException {
        while (true) {
            try {
                return client.getPartitionsForTopic(topic, false).get(PARTITIONS_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                giveUpAfter(end, topic, e);
            }
        }
    }

    private MessageIdAdv mark(String partition, long end) throws IOException, InterruptedException {
        while (true) {
            try (Producer<byte[]> producer =
                    client.newProducer().topic(partition).enableBatching(false).create()) {
                return (MessageIdAdv) producer.newMessage()
                        .property(MARK, "")
                        .value(MARK.getBytes(US_ASCII))
                        .send();
            } catch (PulsarClientException e) {
                giveUpAfter(end, partition, e);
            }
        }
    }

    private List<Reading> read(String partition, MessageIdAdv mark, long end) throws IOException, InterruptedException {
        while (true) {
            try {
                Attempt attempt = readOnce(partition, mark);
                if (attempt.problem().isEmpty()) {
                    return attempt.readings();
                }
                if (anyUnreadable || System.nanoTime() - end >= 0) {
                    anyUnreadable = true;
                    history.unreadable(partition, attempt.problem());
                    return attempt.readings();
                }
            } catch (PulsarClientException e) {
                giveUpAfter(end, partition, e);
            }
        }
    }

    private static void giveUpAfter(long end, String what, Exception cause) throws IOException, InterruptedException {
        if (System.nanoTime() - end >= 0) {
            throw new IOException("cannot read " + what + " back", cause);
        }
        TimeUnit.SECONDS.sleep(1);
    }

    private Attempt readOnce(String partition, MessageIdAdv mark) throws PulsarClientException {
        List<Reading> readings = new ArrayList<>();
        int receiveSeconds = anyUnreadable ? SHORT_RECEIVE_SECONDS : RECEIVE_SECONDS;
        try (Reader<byte[]> reader = client.newReader()
                .topic(partition)
                .startMessageId(MessageId.earliest)
                .cryptoKeyReader(keys)
                .maxPendingChunkedMessage(ANY_NUMBER)
                .create()) {
            MessageIdAdv last = null;
            long progressed = System.nanoTime();
            while (System.nanoTime() - progressed < TimeUnit.SECONDS.toNanos(receiveSeconds)) {
                Message<byte[]> message = reader.readNext(receiveSeconds, TimeUnit.SECONDS);
                if (message == null) {
                    continue;
                }
                MessageIdAdv id = (MessageIdAdv) message.getMessageId();
                if (last != null && id.compareTo(last) <= 0) {
                    continue;
                }
                if (id.compareTo(mark) >= 0) {
                    return new Attempt(readings, wasDisconnected(reader) ? "the reader lost its connection" : "");
                }
                last = id;
                progressed = System.nanoTime();
                if (!message.hasProperty(MARK)) {
                    readings.add(reading(partition, id, message));
                }
            }
            return new Attempt(
                    readings, "nothing new came for " + receiveSeconds + " s after " + last + ", before " + mark);
        } catch (IOException e) {
            throw e instanceof PulsarClientException failure ? failure : new PulsarClientException(e);
        }
    }

    private static boolean wasDisconnected(Reader<byte[]> reader) {
        return ((ReaderImpl<byte[]>) reader).getConsumer().getLastDisconnectedTimestamp() > 0;
    }

    private static Reading reading(String partition, MessageId id, Message<byte[]> message) {
        String place = Recorder.place(id);
        if (place == null) {
            throw new IllegalStateException("a message was read at " + id);
        }
        return Payload.read(partition, place, message.getKey(), message.getData());
    }
}
