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
 * Reads back what a run publishes, through the official consumer, from the moment it subscribes; messages of others are
 * passed over. One thread of its own reads.
 */
final class TopicReader implements AutoCloseable {

    /*
     * The subscription is durable, so that a broker's restart in the middle loses nothing, and deleted in the end. What
     * the broker delivers again after a reconnect is no duplicate: within a partition message ids only grow, so an id not
     * above the highest one seen is a delivery seen before. A copy that was stored twice has an id of its own.
     */
    private static final int POLL_MILLIS = 50;
    private static final Duration UNSUBSCRIBE_TIMEOUT = Duration.ofSeconds(2);

    private final Consumer<byte[]> consumer;
    private final String run;
    private final Map<String, String> properties;
    private final Reconciliation ledger;

    /** The highest id of each topic or partition that was there before, or that was read. Only the reading thread's. */
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
     * Subscribes and begins to read.
     *
     * @param run the run whose messages are meant
     * @param properties what each of them has
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

    /** The consumer names a topic without partitions as it was given, now in short and now in full. */
    private static String fullName(String topic) {
        return TopicName.get(topic).toString();
    }

    /**
     * Reads on to what is the end of the topic now.
     *
     * @param quiet how long to wait for the next message
     * @throws PulsarClientException if the end cannot be learnt, or reading failed
     * @throws TimeoutException if nothing came for that long and the end was not reached
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
                // Something else may have come in the meantime.
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    /** Stops reading and deletes the subscription, if that can be done soon. */
    @Override
    public void close() {
        closed = true;
        try {
            consumer.unsubscribeAsync().get(UNSUBSCRIBE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The client is closed next. The subscription stays behind where nobody answers.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
