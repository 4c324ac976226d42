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
 * Everything that a run needs while it runs: a cluster, the topic on it, somebody who reads back, and the producer.
 * Closing it closes what it opened, last first; clients go on closing while the process ends.
 */
final class Session implements AutoCloseable {

    /** What may be on its way at a time: enough to keep a cluster busy, few enough for latencies to mean something. */
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
     * What to do besides publishing.
     *
     * @param run the run whose messages are to be read back; null if they are not
     * @param ledger who is told of them
     * @param listener who is told of events
     * @param notices who is told of long waits
     */
    record Options(@Nullable String run, Reconciliation ledger, VelaListener listener, Consumer<String> notices) {}

    /**
     * Opens all of it and waits until the producer is ready.
     *
     * @throws CommandFailedException if that cannot be; says why
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

    /** An official client beside the one that is put to the test: its limits are those of a command, not of a service. */
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
            // What came to partitions that the reader has not found yet would count as lost.
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

    /** Waits until all that can send soon can send. Some may be down for good; the others are worth publishing to. */
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

    /** Who reads back; null if nobody does. */
    @Nullable
    TopicReader reader() {
        return reader;
    }

    /** How many partitions the topic has, those included that the producer has found; 0 for none. */
    int partitions() {
        return producer == null ? partitions : Math.max(partitions, producer.getNumOfPartitions());
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                // The process is about to end; the rest is to be closed all the same.
            }
        }
    }
}
