package dev.vela.chaos;

import dev.vela.PartitionedProducer;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.time.Duration;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

/** Publishes to the main topic through a separate runtime, on the client of another runtime. */
final class SecondHandleWorkload implements Workload {

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_DRAIN = Duration.ofSeconds(2);
    private static final int KEYS = 5;

    private final Vela vela;
    private final PartitionedProducer<byte[]> producer;
    private final PacedThread thread;

    SecondHandleWorkload(ApplicationSettings settings, Vela first, Recorder recorder) throws PulsarClientException {
        vela = Vela.on(first.client());
        SupervisedProducerBuilder<byte[], PartitionedProducer<byte[]>> builder = vela.newPartitionedProducer(
                        Schema.BYTES)
                .topic(settings.mainTopic())
                .name("second")
                .partitions(settings.mainPartitions())
                .autoUpdatePartitionsInterval(ApplicationSettings.LOOK_FOR_PARTITIONS);
        new VelaSetup(settings).apply(builder);
        producer = builder.start();
        Sender sender = new Sender(recorder, settings.life(), Sender.SECOND_HANDLE, settings.mainTopic(), true);
        thread = new PacedThread(
                "chaos-second-handle",
                PAUSE,
                number ->
                        sender.send(producer.newMessage(), number, "s" + number % KEYS, TIMEOUT, Sent.Nature.ORDINARY));
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop(Duration limit) throws InterruptedException {
        thread.stop(limit);
    }

    @Override
    public long held() {
        Snapshot snapshot = vela.snapshot();
        return Math.max(snapshot.pendingMessages(), snapshot.pendingBytes());
    }

    @Override
    public void close() {
        vela.closeAsync(CLOSE_DRAIN).join();
    }

    @Override
    public String toString() {
        return vela.snapshot().toString();
    }
}
