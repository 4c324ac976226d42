package dev.vela.bench;

import java.lang.management.ManagementFactory;
import org.apache.pulsar.PulsarVersion;

/**
 * The machine that the figures were measured on.
 *
 * @param loadAverage the number of runnable threads on the whole machine, averaged over the minute before the run;
 *     negative if unknown
 */
record Machine(int cores, String system, String java, String pulsarClient, long maxHeapBytes, double loadAverage) {

    static Machine now() {
        Runtime runtime = Runtime.getRuntime();
        return new Machine(
                runtime.availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                PulsarVersion.getVersion(),
                runtime.maxMemory(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
}
