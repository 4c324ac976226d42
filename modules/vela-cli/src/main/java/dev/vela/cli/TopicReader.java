package dev.vela.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.TopicMessageId;
import org.apache.pulsar.common.naming.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * Reads back the messages of a run, through the official consumer, from the moment of the subscription; messages of
 * other runs are skipped. A separate thread reads.
 */
final class TopicReader implements AutoCloseable {

    /*
     * The subscription is durable, so that a broker's restart in the middle loses nothing, and is deleted in the end. A
     * message that the broker delivers again after a reconnect is no duplicate: within a partition message ids only
     * grow, so an id not above the highest id seen belongs to an earlier delivery. A second stored copy has its own id.
     */
    private static final int POLL_MILLIS = 50;
    private static final Duration UNSUBSCRIBE_TIMEOUT = Duration.ofSeconds(2);

    private final Consumer<byte[]> consumer;
    private final String run;
    private final Map<String, String> properties;
    private final Reconciliation ledger;

    /** The highest id of each topic or partition that existed before, or was read. Used by the reading thread only. */
    private final Map<String, MessageIdAdv> positions = new HashMap<>();

    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private volatile @Nullable List<TopicMessageId> end;
    private volatile long lastReadAt = System.nanoTime();
    private volatile boolean closed;

    private TopicReader(Consumer<byte[]> consumer, String run, Map<String, String> properties, Reconciliation ledger) {
        this.consumer = consumer;
        this.run = run;
        this.properties = properties;
        this.ledger = ledger;
    }

    /**
     * Subscribes and starts to read.
     *
     * @param run the run whose messages count
     * @param properties the properties of each message
     */
    static TopicReader subscribe(
            PulsarClient client, String topic, String run, Map<String, String> properties, Reconciliation ledger)
            throws PulsarClientException {
        Consumer<byte[]> consumer = client.newConsumer()
                .topic(topic)
                .subscriptionName("vela-verify-" + run)
                .subscriptionInitialPosition(SubscriptionInitialPosition.Latest)
                .subscribe();
        TopicReader reader = new TopicReader(consumer, run, properties, ledger);
        try {
            consumer.getLastMessageIds()
                    .forEach(id -> reader.positions.put(fullName(id.getOwnerTopic()), (MessageIdAdv) id));
        } catch (PulsarClientException e) {
            reader.close();
            throw e;
        }
        Thread thread = new Thread(reader::read, "cli-verify");
        thread.setDaemon(true);
        thread.start();
        return reader;
    }

    private void read() {
        try {
            while (!closed && !isAtEnd()) {
                Message<byte[]> message = consumer.receive(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (message != null) {
                    read(message);
                }
            }
            finished.complete(null);
        } catch (PulsarClientException | RuntimeException e) {
            finished.completeExceptionally(e);
        }
    }

    private void read(Message<byte[]> message) {
        lastReadAt = System.nanoTime();
        consumer.acknowledgeAsync(message);
        MessageIdAdv id = (MessageIdAdv) message.getMessageId();
        String topic = fullName(message.getTopicName());
        MessageIdAdv before = positions.get(topic);
        if (before != null && id.compareTo(before) <= 0) {
            return;
        }
        positions.put(topic, id);
        Mark mark = Mark.parse(message.getProperty(Mark.PROPERTY));
        if (mark != null && mark.run().equals(run)) {
            ledger.arrived(mark.index(), message.getKey(), isAsSent(message, mark));
        }
    }

    private boolean isAsSent(Message<byte[]> message, Mark mark) {
        Map<String, String> others = new HashMap<>(message.getProperties());
        others.remove(Mark.PROPERTY);
        return others.equals(properties)
                && Digest.of(message.getKey(), message.getEventTime(), message.getData()) == mark.digest();
    }

    private boolean isAtEnd() {
        List<TopicMessageId> last = end;
        return last != null && last.stream().allMatch(this::isRead);
    }

    private boolean isRead(TopicMessageId last) {
        MessageIdAdv id = (MessageIdAdv) last;
        MessageIdAdv position = positions.get(fullName(last.getOwnerTopic()));
        return id.getEntryId() < 0 || (position != null && position.compareTo(id) >= 0);
    }

    /**
     * Returns the full name of a topic: the consumer names a topic without partitions as given, either in short or in
     * full.
     */
    private static String fullName(String topic) {
        return TopicName.get(topic).toString();
    }

    /**
     * Reads on to the present end of the topic.
     *
     * @param quiet the time to wait for the next message
     * @throws PulsarClientException if the end cannot be determined, or reading failed
     * @throws TimeoutException if no message came for that time and the end was not reached
     */
    void finish(Duration quiet) throws Exception {
        end = consumer.getLastMessageIds();
        lastReadAt = System.nanoTime();
        while (true) {
            long left = quiet.toNanos() - (System.nanoTime() - lastReadAt);
            if (left <= 0) {
                throw new TimeoutException("nothing to read came for " + quiet.toMillis() + " ms");
            }
            try {
                finished.get(left, TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException e) {
                // Another message may have come in the meantime.
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    /** Stops reading and deletes the subscription, if the broker answers soon. */
    @Override
    public void close() {
        closed = true;
        try {
            consumer.unsubscribeAsync().get(UNSUBSCRIBE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The client is closed next. The subscription remains if the broker does not answer.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
