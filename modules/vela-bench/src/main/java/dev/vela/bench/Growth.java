package dev.vela.bench;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
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

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final double MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int COLLECTIONS = 3; // the first ones may leave what waits for its cleaner
    private static final long HEAP_RESOLUTION = 1024;

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

    /**
     * Opens the producers of a subject, measures them, and closes them.
     *
     * @param counts whether the figures count: a round to warm up does not wait while the producers are idle
     */
    Map<Figure, Double> measure(Subject subject, boolean counts) throws PulsarClientException {
        return switch (subject) {
            case OFFICIAL -> official(counts);
            case VELA -> vela(counts);
            default -> throw new IllegalArgumentException("subject must open idle producers, was " + subject);
        };
    }

    private Map<Figure, Double> official(boolean counts) throws PulsarClientException {
        Before before = new Before();
        try (PulsarClient client = PulsarClient.builder().serviceUrl(serviceUrl).build()) {
            List<CompletableFuture<Producer<byte[]>>> producers = new ArrayList<>();
            for (String name : topics()) {
                producers.add(client.newProducer(Schema.BYTES).topic(name).createAsync());
            }
            producers.forEach(CompletableFuture::join);
            return before.figures(counts);
        }
    }

    private Map<Figure, Double> vela(boolean counts) throws PulsarClientException {
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
            return before.figures(counts);
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
    private final class Before {
        private final Set<Long> others = threads().collect(Collectors.toSet());
        private final long heap = heapInUse();
        private final long start = System.nanoTime();

        /** Returns the figures of what has been opened since then, and is ready now. */
        Map<Figure, Double> figures(boolean counts) {
            Map<Figure, Double> figures = new EnumMap<>(Figure.class);
            figures.put(Figure.READY, (System.nanoTime() - start) / MILLI);
            figures.put(Figure.HEAP, (double) Math.max(HEAP_RESOLUTION, heapInUse() - heap));
            if (scenario.isWide() && counts) {
                figures.put(Figure.IDLE_CPU, cpuPercent());
                figures.put(Figure.THREADS, (double) opened().count());
            }
            return figures;
        }

        private LongStream opened() {
            return threads().filter(id -> !others.contains(id)).mapToLong(Long::longValue);
        }

        /** Percent of a core that the opened threads use. The process's own, such as the collector's, do not count. */
        private double cpuPercent() {
            Map<Long, Long> before = new HashMap<>();
            opened().forEach(id -> before.put(id, THREADS.getThreadCpuTime(id)));
            long from = System.nanoTime();
            sleep();
            long cpu = 0;
            for (Map.Entry<Long, Long> thread : before.entrySet()) {
                long now = THREADS.getThreadCpuTime(thread.getKey()); // -1 if it has ended
                cpu += Math.max(0, now - thread.getValue());
            }
            return 100.0 * Math.max(1, cpu) / (System.nanoTime() - from);
        }
    }

    private static Stream<Long> threads() {
        return Arrays.stream(THREADS.getAllThreadIds()).boxed();
    }

    private static long heapInUse() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return MEMORY.getHeapMemoryUsage().getUsed();
    }

    private void sleep() {
        try {
            Thread.sleep(idle.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the producers were idle", e);
        }
    }
}
