package dev.vela.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;

/** Reads whole topics through the official client. Not thread-safe; blocks. */
final class ReadBack {
    /*
     * A partition is read from its first message to what is its last when that is reached. If that fails halfway it is
     * read again from the start, so that a history never holds a part of one. What a reader is given again after a
     * reconnect is no duplicate: within a partition ids only grow.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int RECEIVE_SECONDS = 10;

    private final PulsarClient client;
    private final History history;

    ReadBack(PulsarClient client, History history) {
        this.client = client;
        this.history = history;
    }

    void topic(String topic) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (String partition : partitions(topic, end)) {
            read(partition, end).forEach(history::read);
        }
    }

    private List<String> partitions(String topic, long end) throws IOException, InterruptedException {
        while (true) {
            try {
                return client.getPartitionsForTopic(topic, false).get(RECEIVE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                giveUpAfter(end, topic, e);
            }
        }
    }

    private List<Reading> read(String partition, long end) throws IOException, InterruptedException {
        while (true) {
            try {
                return readOnce(partition);
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

    private List<Reading> readOnce(String partition) throws PulsarClientException {
        List<Reading> readings = new ArrayList<>();
        try (Reader<byte[]> reader = client.newReader()
                .topic(partition)
                .startMessageId(MessageId.earliest)
                .create()) {
            MessageIdAdv last = null;
            while (reader.hasMessageAvailable()) {
                Message<byte[]> message = reader.readNext(RECEIVE_SECONDS, TimeUnit.SECONDS);
                if (message == null) {
                    throw new PulsarClientException("nothing came for " + RECEIVE_SECONDS + " s");
                }
                MessageIdAdv id = (MessageIdAdv) message.getMessageId();
                if (last == null || id.compareTo(last) > 0) {
                    last = id;
                    readings.add(reading(partition, id, message));
                }
            }
        } catch (IOException e) {
            throw e instanceof PulsarClientException failure ? failure : new PulsarClientException(e);
        }
        return readings;
    }

    private static Reading reading(String partition, MessageId id, Message<byte[]> message) {
        String place = Load.place(id);
        if (place == null) {
            throw new IllegalStateException("a message was read at " + id);
        }
        return Payload.read(partition, place, message.getKey(), message.getData());
    }
}
