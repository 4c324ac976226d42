package dev.vela.chaos;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a life of the application takes up at some time, right after its garbage was collected. In a long run none of it may
 * grow.
 *
 * @param life which life
 * @param atMillis when, in milliseconds of the epoch
 * @param heap bytes of the heap in use
 * @param direct bytes of buffers outside of it that the virtual machine knows of
 * @param resident bytes of the whole process in memory; 0 where the system does not tell
 * @param threads threads that are there
 * @param files files and sockets that are open; 0 where the system does not tell
 */
record Vitals(int life, long atMillis, long heap, long direct, long resident, int threads, long files) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    /** Those of this process, now. Collects its garbage, and so takes some time. */
    static Vitals now(int life) {
        System.gc();
        return new Vitals(
                life,
                System.currentTimeMillis(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum(),
                residentBytes(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                openFiles());
    }

    private static long residentBytes() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0; // another system
        }
    }

    private static long openFiles() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }
}
