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

/** A rival producer interferes, and is closed at the end. The rival publishes nothing. */
final class RivalFault implements Fault {

    private static final int TRIES = 20;
    private static final long TRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PulsarClient client;
    private final Topics topics;
    private final int partition;
    private final Kind kind;
    private @Nullable Producer<byte[]> rival;

    /** The interference of the rival. */
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
     * The owner of the name reconnects as soon as the topic is loaded again, at least 100 ms after it was disconnected.
     * So the rival retries constantly while the topic is unloaded and for a while after it, and its client hardly waits
     * between two lookups, however long the unload takes.
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
            CompletableFuture<Long> unloaded = CompletableFuture.supplyAsync(this::unload);
            while (rival == null && !isOver(unloaded)) {
                try {
                    rival = builder.create();
                } catch (PulsarClientException e) { // the owner still has the name, or has it again
                    refusal = e;
                }
            }
            unloaded.join();
        }
    }

    /** Whether the owner has had time to reconnect: an unload takes seconds on a busy machine. */
    private static boolean isOver(CompletableFuture<Long> unloaded) {
        return unloaded.isDone() && System.nanoTime() - unloaded.join() > TRY_NANOS;
    }

    /** Disconnects the owner, and says when that was. */
    private long unload() {
        try {
            topics.unloadMain(partition);
        } catch (IOException e) {
            // The state of the cluster does not allow an unload: the next try may succeed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return System.nanoTime();
    }

    @Override
    public void end() throws PulsarClientException {
        Producer<byte[]> active = rival;
        if (active != null) {
            active.close();
        }
    }
}
