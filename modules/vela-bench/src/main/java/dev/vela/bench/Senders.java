package dev.vela.bench;

import dev.vela.Batching;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaBuilder;
import dev.vela.VelaMetrics;
import dev.vela.micrometer.VelaMicrometer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SizeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sets up the subjects of a scenario. Each subject has its own client, and so its own connection. The clients are built
 * alike, and the producers have the same limits: only the number of messages bounds the outstanding messages.
 */
final class Senders implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(30);

    /** The maximum size of a message in Vela's budgets, so that the budget of bytes never holds back a message. */
    private static final int MOST_BYTES_OF_A_MESSAGE = 4 * 1024;

    private static final Batching WHEN_IDLE =
            Batching.defaults().withMaxMessages(Plan.BATCH_MESSAGES).withMaxBytes(Plan.BATCH_BYTES);

    private final String serviceUrl;
    private final String topic;
    private final Scenario scenario;
    private final int outstanding;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    Senders(String serviceUrl, String topic, Scenario scenario, int outstanding) {
        this.serviceUrl = serviceUrl;
        this.topic = topic;
        this.scenario = scenario;
        this.outstanding = Math.min(outstanding, scenario.load().mostOutstanding());
    }

    /** Sets up a subject, and returns when it is ready. */
    Sender open(Subject subject) throws PulsarClientException {
        int threads = scenario.load().threads();
        return switch (subject) {
            case OFFICIAL -> sender(Collections.nCopies(threads, batched(client())));
            case OFFICIAL_EACH -> {
                PulsarClient client = client();
                List<Producer<byte[]>> producers = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    producers.add(batched(client));
                }
                yield sender(producers);
            }
            case OFFICIAL_UNBATCHED -> sender(Collections.nCopies(threads, unbatched(client())));
            case VELA -> sender(Collections.nCopies(threads, vela(WHEN_IDLE)));
            case OFFICIAL_CALLBACK -> flood(Collections.nCopies(threads, SendStyle.dependent(batched(client()))));
            case VELA_CALLBACK -> flood(Collections.nCopies(threads, SendStyle.callback(vela(WHEN_IDLE))));
            case VELA_AT_INTERVAL ->
                sender(Collections.nCopies(threads, vela(WHEN_IDLE.withFlush(Batching.Flush.AT_INTERVAL))));
            case VELA_DROP_IN ->
                sender(Collections.nCopies(
                        threads, batched(runtime(outstanding, List.of()).supervisedClient())));
            case VELA_METRICS -> {
                VelaMetrics metrics = VelaMicrometer.of(new SimpleMeterRegistry());
                yield sender(Collections.nCopies(threads, vela(WHEN_IDLE, List.of(metrics))));
            }
            case VELA_UNBATCHED -> sender(Collections.nCopies(threads, vela(null)));
            case SOCKET ->
                opened(new BareSocket(serviceUrl, topic, scenario.load().messageBytes(), outstanding));
        };
    }

    private Sender sender(List<Producer<byte[]>> producers) {
        Scenario.Load load = scenario.load();
        if (load.isPaced()) {
            return opened(new OpenLoopSender(producers.get(0), load));
        }
        int window = outstanding / producers.size();
        List<SendStyle> ways = new ArrayList<>();
        for (int i = 0; i < producers.size(); i++) {
            Producer<byte[]> producer = producers.get(i);
            int firstKey = i * load.keys() / producers.size();
            ways.add(
                    load.keys() > 0
                            ? SendStyle.keyed(producer, window, load.keys(), firstKey)
                            : SendStyle.future(producer, window));
        }
        return flood(ways);
    }

    private Sender flood(List<SendStyle> ways) {
        return opened(new ClosedLoopSender(ways, scenario.load().messageBytes()));
    }

    private Producer<byte[]> batched(PulsarClient client) throws PulsarClientException {
        return opened(official(client, outstanding)
                .enableBatching(true)
                .batchingMaxMessages(Plan.BATCH_MESSAGES)
                .batchingMaxBytes(Plan.BATCH_BYTES)
                .batchingMaxPublishDelay(1, TimeUnit.MILLISECONDS)
                .create());
    }

    private Producer<byte[]> unbatched(PulsarClient client) throws PulsarClientException {
        return opened(official(client, Plan.OUTSTANDING_UNBATCHED)
                .enableBatching(false)
                .create());
    }

    @SuppressWarnings("deprecation") // without this method, partitions would share the number
    private ProducerBuilder<byte[]> official(PulsarClient client, int maxPending) {
        return client.newProducer(Schema.BYTES)
                .topic(topic)
                .maxPendingMessages(maxPending)
                .maxPendingMessagesAcrossPartitions(Math.max(1, scenario.topic().partitions()) * maxPending)
                .blockIfQueueFull(true)
                .sendTimeout(0, TimeUnit.MILLISECONDS)
                .messageRoutingMode(MessageRoutingMode.RoundRobinPartition);
    }

    private SupervisedProducer<byte[]> vela(@Nullable Batching batching) throws PulsarClientException {
        return vela(batching, List.of());
    }

    private SupervisedProducer<byte[]> vela(@Nullable Batching batching, List<VelaMetrics> metrics)
            throws PulsarClientException {
        int maxPending = batching != null ? outstanding : Plan.OUTSTANDING_UNBATCHED;
        int partitions = scenario.topic().partitions();
        Vela runtime = runtime(maxPending, metrics);
        SupervisedProducerBuilder<byte[], ? extends SupervisedProducer<byte[]>> builder = (partitions == 0
                        ? runtime.newProducerGroup(Schema.BYTES)
                        : runtime.newPartitionedProducer(Schema.BYTES))
                .topic(topic)
                .maxPendingMessages(maxPending)
                .maxPendingBytes((long) maxPending * MOST_BYTES_OF_A_MESSAGE);
        if (batching != null) {
            builder.batching(batching);
        }
        SupervisedProducer<byte[]> producer = builder.start();
        producer.awaitReady(READY_WITHIN);
        return producer;
    }

    private Vela runtime(int maxPending, List<VelaMetrics> metrics) throws PulsarClientException {
        int partitions = Math.max(1, scenario.topic().partitions());
        VelaBuilder builder = Vela.builder()
                .client(client())
                .maxPendingMessages(partitions * maxPending)
                .maxPendingBytes((long) partitions * maxPending * MOST_BYTES_OF_A_MESSAGE);
        metrics.forEach(builder::metrics);
        return opened(builder.build());
    }

    @SuppressWarnings("deprecation") // statsInterval: still on by default
    private PulsarClient client() throws PulsarClientException {
        PulsarClient client = PulsarClient.builder()
                .serviceUrl(serviceUrl)
                .memoryLimit(0, SizeUnit.BYTES)
                .statsInterval(0, TimeUnit.SECONDS)
                .build();
        // The close is not awaited: the client's threads linger for seconds, idle.
        opened.push(client::closeAsync);
        return client;
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
