package dev.vela.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Measures the work of a sender, and the resources that this process spends on it. */
final class Meter {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private Meter() {}

    /**
     * The figures of one round.
     *
     * @param messages the number of messages that were sent and acknowledged
     */
    record Measured(long messages, Map<Figure, Double> figures) {}

    /** Runs a sender for the given time. */
    static Measured measure(Sender sender, Duration length) throws Exception {
        sender.prepare();
        Map<Long, Long> allocatedBefore = allocatedBytes();
        long cpu = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        Sender.Work work = sender.send(length);
        double nanos = System.nanoTime() - start;
        cpu = SYSTEM.getProcessCpuTime() - cpu;
        long allocated = 0;
        for (Map.Entry<Long, Long> thread : allocatedBytes().entrySet()) {
            allocated += thread.getValue() - allocatedBefore.getOrDefault(thread.getKey(), 0L);
        }
        double messages = work.messages();
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.THROUGHPUT, messages * TimeUnit.SECONDS.toNanos(1) / nanos);
        figures.put(Figure.CLIENT_CPU, cpu / messages);
        figures.put(Figure.ALLOCATED, allocated / messages);
        figures.putAll(work.figures());
        return new Measured(work.messages(), figures);
    }

    /** Returns the number of bytes that each live thread has allocated so far. */
    private static Map<Long, Long> allocatedBytes() {
        long[] ids = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(ids);
        Map<Long, Long> allocated = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            if (bytes[i] >= 0) {
                allocated.put(ids[i], bytes[i]);
            }
        }
        return allocated;
    }
}
