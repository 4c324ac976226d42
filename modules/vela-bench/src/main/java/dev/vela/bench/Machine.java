package dev.vela.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.apache.pulsar.PulsarVersion;

/**
 * Where figures come from.
 *
 * @param loadAverage runnable threads on the whole machine, a minute's average from before the run; negative if unknown
 */
record Machine(int cores, String system, String java, String pulsarClient, long maxHeapBytes, double loadAverage) {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    static Machine now() {
        Runtime runtime = Runtime.getRuntime();
        return new Machine(
                runtime.availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                PulsarVersion.getVersion(),
                runtime.maxMemory(),
                SYSTEM.getSystemLoadAverage());
    }

    /** The CPU time of this process so far, all threads together. */
    static long processCpuNanos() {
        return SYSTEM.getProcessCpuTime();
    }
}
