package dev.vela.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** A rival producer interferes, and is closed at the end. The rival publishes nothing. */
final class RivalFault implements Fault {

    private static final Duration TAKE_LIMIT = Duration.ofSeconds(10);
    private static final Duration NAMES_LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final PulsarClient client;
    private final Topics topics;
    private final ApplicationRuns application;
    private final int partition;
    private final Kind kind;
    private @Nullable Producer<byte[]> rival;

    /** The interference of the rival. */
    enum Kind {
        /** Fences the producers of a partition of the side topic. */
        FENCING,
        /** Takes the name of a producer of the main topic, while the application is frozen. */
        NAME
    }

    RivalFault(PulsarClient client, Topics topics, ApplicationRuns application, int partition, Kind kind) {
        this.client = client;
        this.topics = topics;
        this.application = application;
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

    /** Takes the name while the owner is frozen, which is disconnected meanwhile and cannot reconnect first. */
    private void takeName() throws Exception {
        List<String> names = names();
        ProducerBuilder<byte[]> builder = client.newProducer()
                .topic(topics.mainPartition(partition))
                .producerName(names.get(partition % names.size()));
        application.whileFrozen(() -> rival = disconnectAndCreate(builder));
    }

    /** The producers of the partition, which may be reconnecting at first. */
    private List<String> names() throws IOException, InterruptedException {
        long end = System.nanoTime() + NAMES_LIMIT.toNanos();
        List<String> names = topics.producers(partition);
        while (names.isEmpty()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("nobody publishes to partition " + partition);
            }
            Thread.sleep(PAUSE.toMillis());
            names = topics.producers(partition);
        }
        return names;
    }

    private Producer<byte[]> disconnectAndCreate(ProducerBuilder<byte[]> builder) throws Exception {
        long end = System.nanoTime() + TAKE_LIMIT.toNanos();
        while (true) {
            try {
                topics.unloadMain(partition); // disconnects the owner
                return createdBy(end, builder.createAsync());
            } catch (IOException | ExecutionException e) { // the state of the cluster does not allow it: try again
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    /** A rival that comes too late would hold the name to the end of the run, and is closed. */
    private static Producer<byte[]> createdBy(long end, CompletableFuture<Producer<byte[]>> created) throws Exception {
        try {
            return created.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException e) {
            created.thenAccept(Producer::closeAsync);
            throw e;
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
