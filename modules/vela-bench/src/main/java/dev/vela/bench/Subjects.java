package dev.vela.bench;

import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SizeUnit;

/**
 * The two that are compared. Each has a client of its own, and so a connection; the clients are built alike, and the
 * official producer is set up as Vela sets up the one under its group. What differs is Vela's layer alone.
 */
final class Subjects implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private Producer<byte[]> official;
    private Producer<byte[]> vela;

    private Subjects(String url, String topic, boolean control) throws PulsarClientException {
        try {
            official = official(url, topic);
            vela = control ? official(url, topic) : vela(url, topic);
        } catch (PulsarClientException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens both.
     *
     * @param control whether the second is to be an official producer, too
     */
    static Subjects open(String url, String topic, boolean control) throws PulsarClientException {
        return new Subjects(url, topic, control);
    }

    Producer<byte[]> official() {
        return official;
    }

    Producer<byte[]> vela() {
        return vela;
    }

    private Producer<byte[]> official(String url, String topic) throws PulsarClientException {
        return opened(client(url)
                .newProducer(Schema.BYTES)
                .topic(topic)
                .enableBatching(false)
                .sendTimeout(0, TimeUnit.MILLISECONDS)
                .blockIfQueueFull(false)
                .maxPendingMessages(0)
                .messageRoutingMode(MessageRoutingMode.SinglePartition)
                .create());
    }

    private Producer<byte[]> vela(String url, String topic) throws PulsarClientException {
        Vela runtime = opened(Vela.on(client(url)));
        ProducerGroup<byte[]> group =
                runtime.newProducerGroup(Schema.BYTES).topic(topic).producers(1).start();
        group.awaitReady(READY_WITHIN);
        return group;
    }

    @SuppressWarnings("deprecation") // statsInterval: still on by default
    private PulsarClient client(String url) throws PulsarClientException {
        return opened(PulsarClient.builder()
                .serviceUrl(url)
                .memoryLimit(0, SizeUnit.BYTES)
                .statsInterval(0, TimeUnit.SECONDS)
                .build());
    }

    private <C extends AutoCloseable> C opened(C closeable) {
        opened.push(closeable);
        return closeable;
    }

    @Override
    public void close() throws PulsarClientException {
        for (AutoCloseable last = opened.poll(); last != null; last = opened.poll()) {
            try {
                last.close();
            } catch (Exception e) {
                throw PulsarClientException.unwrap(e);
            }
        }
    }
}
