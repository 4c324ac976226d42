package dev.vela.chaos;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The resources of a life of the application at some time, right after a garbage collection. In a long run none of
 * these values may grow.
 *
 * @param life the number of the life
 * @param atMillis the time of the sample, in milliseconds of the epoch
 * @param heap the bytes of heap in use
 * @param direct the bytes of direct buffers that the virtual machine knows of
 * @param resident the resident bytes of the whole process; 0 where the system does not tell
 * @param threads the number of live threads
 * @param files the number of open files and sockets; 0 where the system does not tell
 */
record Vitals(int life, long atMillis, long heap, long direct, long resident, int threads, long files) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    /** Takes a sample of this process. Collects garbage first, and so takes some time. */
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
