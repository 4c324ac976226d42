package dev.vela.cli;

import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaListener;
import dev.vela.local.LocalPulsar;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The resources of a run: a cluster, the topic on it, the reader that reads back, and the producer. {@link #close}
 * closes the opened resources, last first; clients continue to close while the process ends.
 */
final class Session implements AutoCloseable {

    /** The maximum number of pending messages: enough to keep a cluster busy, few enough for meaningful latencies. */
    private static final int MAX_PENDING = 1_000;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final ClusterOptions cluster;
    private final TopicOptions topic;
    private final Progress progress;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private int partitions;
    private @Nullable TopicReader reader;
    private @Nullable SupervisedProducer<byte[]> producer;

    private Session(ClusterOptions cluster, TopicOptions topic, Progress progress) {
        this.cluster = cluster;
        this.topic = topic;
        this.progress = progress;
    }

    /**
     * The tasks besides publishing.
     *
     * @param run the run whose messages are read back; null to read nothing back
     * @param ledger receives the arrivals
     * @param listener receives events
     * @param notices receives lines about long waits
     */
    record Options(@Nullable String run, Reconciliation ledger, VelaListener listener, Consumer<String> notices) {}

    /**
     * Opens a session and waits until the producer is ready.
     *
     * @throws CommandFailedException if the session cannot be opened, with the reason
     */
    static Session open(ClusterOptions cluster, TopicOptions topic, Progress progress, Options wishes) {
        Session session = new Session(cluster, topic, progress);
        try {
            String url = session.address(wishes.notices());
            session.prepare(url, wishes);
            session.start(url, wishes.listener());
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private String address(Consumer<String> notices) {
        String url = cluster.url();
        if (url != null) {
            ClusterOptions.requireKnownHost(url);
            return url;
        }
        progress.phase("starting a local Pulsar");
        try {
            LocalPulsar pulsar = opened(LocalPulsar.builder().progress(notices).start());
            Integer wanted = topic.partitions();
            if (wanted != null && wanted > 0) {
                pulsar.createPartitionedTopic(topic.topic(), wanted);
            }
            return pulsar.serviceUrl();
        } catch (RuntimeException e) {
            throw CommandFailedException.because("cannot start a local Pulsar with topic " + topic.topic(), e);
        }
    }

    private void prepare(String url, Options wishes) {
        progress.phase("connecting to " + url);
        PulsarClient client = client(url);
        partitions = new TopicCheck(client, url, topic).partitions();
        if (wishes.run() == null) {
            return;
        }
        try {
            reader = opened(
                    TopicReader.subscribe(client, topic.topic(), wishes.run(), topic.properties(), wishes.ledger()));
        } catch (PulsarClientException e) {
            throw CommandFailedException.because("cannot read " + topic.topic() + " to verify it", e);
        }
    }

    /** Returns an official client, separate from the client under test: its limits suit a command, not a service. */
    private PulsarClient client(String url) {
        int limit = Math.toIntExact(topic.connectTimeout().toMillis());
        try {
            ClientBuilder builder = PulsarClient.builder()
                    .serviceUrl(url)
                    .operationTimeout(limit, TimeUnit.MILLISECONDS)
                    .lookupTimeout(limit, TimeUnit.MILLISECONDS)
                    .connectionTimeout(limit, TimeUnit.MILLISECONDS);
            cluster.apply(builder);
            PulsarClient client = builder.build();
            opened.push(client::closeAsync);
            return client;
        } catch (PulsarClientException e) {
            throw CommandFailedException.because("cannot connect to " + url, e);
        }
    }

    private void start(String url, VelaListener listener) {
        try {
            Vela vela = Vela.builder()
                    .serviceUrl(url)
                    .customizeClient(cluster::apply)
                    .maxPendingMessages(MAX_PENDING)
                    .listener(listener)
                    .build();
            opened.push(() -> vela.closeAsync(Duration.ZERO));
            // Messages in partitions that the reader has not found yet would count as lost.
            boolean mayGrow = reader == null;
            SupervisedProducerBuilder<byte[], ? extends SupervisedProducer<byte[]>> builder = topic.isPartition()
                    ? vela.newProducerGroup(Schema.BYTES)
                    : vela.newProducer(Schema.BYTES).autoUpdatePartitions(mayGrow);
            topic.apply(builder);
            SupervisedProducer<byte[]> started = builder.start();
            producer = started;
            awaitReady(started);
        } catch (PulsarClientException e) {
            throw CommandFailedException.because("cannot publish to " + topic.topic(), e);
        }
    }

    /**
     * Waits until all producers that can soon send are ready. Some may be down for good; publishing to the others is
     * worthwhile.
     */
    private void awaitReady(SupervisedProducer<byte[]> started) throws PulsarClientException {
        long end = System.nanoTime() + topic.connectTimeout().toNanos();
        while (true) {
            try {
                started.awaitReady(LOOK_AGAIN);
                return;
            } catch (NoProducersAvailableException e) {
                boolean late = System.nanoTime() - end >= 0;
                if (started.state() == HandleState.DEGRADED && (late || !isRecovering(started))) {
                    return;
                }
                if (late || started.state() == HandleState.DOWN || started.state() == HandleState.FAILED) {
                    throw notReady(started.state(), e);
                }
            }
        }
    }

    private CommandFailedException notReady(HandleState state, NoProducersAvailableException failure) {
        String why = failure.causes().isEmpty()
                ? ""
                : ": " + OneLine.of(failure.causes().get(0));
        return new CommandFailedException(
                "cannot publish to " + topic.topic() + ": the producer is " + state + why, failure);
    }

    private static boolean isRecovering(SupervisedProducer<byte[]> started) {
        return started.snapshot().groups().stream()
                .flatMap(group -> group.producers().stream())
                .anyMatch(producer -> producer.state().isRecovering());
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    SupervisedProducer<byte[]> producer() {
        if (producer == null) {
            throw new IllegalStateException("not open");
        }
        return producer;
    }

    /** Returns the reader that reads back; null if nothing is read back. */
    @Nullable
    TopicReader reader() {
        return reader;
    }

    /** Returns the number of partitions of the topic, including those that the producer has found; 0 for none. */
    int partitions() {
        return producer == null ? partitions : Math.max(partitions, producer.getNumOfPartitions());
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                // The process is about to end; the other resources are closed nevertheless.
            }
        }
    }
}
