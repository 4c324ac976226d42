package dev.vela.chaos;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** A rival producer gets in the way, and goes at the end. It publishes nothing. */
final class RivalFault implements Fault {

    private static final int TRIES = 20;
    private static final long TRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PulsarClient client;
    private final Topics topics;
    private final int partition;
    private final Kind kind;
    private @Nullable Producer<byte[]> rival;

    /** What it does. */
    enum Kind {
        /** Fences the producers of a partition of the side topic. */
        FENCING,
        /** Takes the name of a producer of the main topic, while that producer is disconnected. */
        NAME
    }

    RivalFault(PulsarClient client, Topics topics, int partition, Kind kind) {
        this.client = client;
        this.topics = topics;
        this.partition = partition;
        this.kind = kind;
    }

    @Override
    public void begin() throws Exception {
        if (kind == Kind.FENCING) {
            rival = client.newProducer()
                    .topic(topics.sidePartition(partition))
                    .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                    .create();
        } else {
            takeName();
        }
    }

    /*
     * The owner of the name comes back as soon as the topic is loaded again, 100 ms after it was disconnected at the earliest. So
     * the rival asks again and again while the topic is unloaded, and its client hardly waits between two looks for the broker.
     */
    private void takeName() throws Exception {
        List<String> names = topics.producers(partition);
        if (names.isEmpty()) {
            throw new IllegalStateException("nobody publishes to partition " + partition);
        }
        ProducerBuilder<byte[]> builder = client.newProducer()
                .topic(topics.mainPartition(partition))
                .producerName(names.get(partition % names.size()));
        IOException refusal = new IOException("not tried");
        for (int tries = 0; rival == null; tries++) {
            if (tries == TRIES) {
                throw refusal;
            }
            CompletableFuture<Void> unload = CompletableFuture.runAsync(this::unload);
            long end = System.nanoTime() + TRY_NANOS;
            while (rival == null && System.nanoTime() - end < 0) {
                try {
                    rival = builder.create();
                } catch (PulsarClientException e) { // its owner has it still, or again
                    refusal = e;
                }
            }
            unload.join();
        }
    }

    private void unload() {
        try {
            topics.unloadMain(partition); // disconnects the owner
        } catch (IOException e) { // the cluster is in no state to unload: the next try may find it in a better one
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void end() throws PulsarClientException {
        Producer<byte[]> active = rival;
        if (active != null) {
            active.close();
        }
    }
}
