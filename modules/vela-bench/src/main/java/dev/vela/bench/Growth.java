package dev.vela.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.vela.Batching;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

/**
 * Measures what producers cost that send nothing: the time until all of them are ready, and their heap, threads and
 * CPU after that, with their client. Both subjects batch, and have their default client.
 */
final class Growth {
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final double MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int COLLECTIONS = 3; // the first ones may leave what waits for its cleaner

    private final String serviceUrl;
    private final String topic;
    private final Scenario scenario;
    private final Duration idle;

    /**
     * Creates the measurement of a scenario.
     *
     * @param idle the time for which the CPU of the idle producers is measured
     */
    Growth(String serviceUrl, String topic, Scenario scenario, Duration idle) {
        this.serviceUrl = serviceUrl;
        this.topic = topic;
        this.scenario = scenario;
        this.idle = idle;
    }

    /** Opens the producers of a subject, measures them, and closes them. */
    Map<Figure, Double> measure(Subject subject) throws PulsarClientException {
        return switch (subject) {
            case OFFICIAL -> official();
            case VELA -> vela();
            default -> throw new IllegalArgumentException("subject must open idle producers, was " + subject);
        };
    }

    private Map<Figure, Double> official() throws PulsarClientException {
        Before before = new Before();
        try (PulsarClient client = PulsarClient.builder().serviceUrl(serviceUrl).build()) {
            List<CompletableFuture<Producer<byte[]>>> producers = new ArrayList<>();
            for (String name : topics()) {
                producers.add(client.newProducer(Schema.BYTES).topic(name).createAsync());
            }
            producers.forEach(CompletableFuture::join);
            return before.figures(idle);
        }
    }

    private Map<Figure, Double> vela() throws PulsarClientException {
        Before before = new Before();
        try (Vela runtime = Vela.builder().serviceUrl(serviceUrl).build()) {
            List<SupervisedProducer<byte[]>> producers = new ArrayList<>();
            for (String name : topics()) {
                SupervisedProducerBuilder<byte[], ? extends SupervisedProducer<byte[]>> builder =
                        scenario.topic().partitions() == 0
                                ? runtime.newProducerGroup(Schema.BYTES)
                                : runtime.newPartitionedProducer(Schema.BYTES);
                producers.add(builder.topic(name).batching(Batching.defaults()).start());
            }
            for (SupervisedProducer<byte[]> producer : producers) {
                producer.awaitReady(READY_WITHIN);
            }
            return before.figures(idle);
        }
    }

    /** One topic, or as many as there are handles: these are made by the producers. */
    private List<String> topics() {
        int handles = scenario.load().handles();
        return handles == 1
                ? List.of(topic)
                : IntStream.range(0, handles).mapToObj(i -> topic + '-' + i).toList();
    }

    /** The process before the producers are opened. */
    private static final class Before {
        private final Set<Long> threads =
                Arrays.stream(THREADS.getAllThreadIds()).boxed().collect(Collectors.toSet());
        private final long heap = heapInUse();
        private final long start = System.nanoTime();

        /** Returns the figures of what has been opened since then, and is ready now. */
        Map<Figure, Double> figures(Duration idle) {
            Map<Figure, Double> figures = new EnumMap<>(Figure.class);
            figures.put(Figure.READY, (System.nanoTime() - start) / MILLI);
            figures.put(Figure.HEAP, (double) Math.max(1, heapInUse() - heap));
            figures.put(Figure.IDLE_CPU, cpuPercent(idle));
            figures.put(Figure.THREADS, (double) Arrays.stream(THREADS.getAllThreadIds())
                    .filter(id -> !threads.contains(id))
                    .count());
            return figures;
        }

        private static long heapInUse() {
            for (int i = 0; i < COLLECTIONS; i++) {
                System.gc();
            }
            return MEMORY.getHeapMemoryUsage().getUsed();
        }

        private static double cpuPercent(Duration idle) {
            long cpu = SYSTEM.getProcessCpuTime();
            long from = System.nanoTime();
            try {
                Thread.sleep(idle.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the producers were idle", e);
            }
            return 100.0 * Math.max(1, SYSTEM.getProcessCpuTime() - cpu) / (System.nanoTime() - from);
        }
    }
}
