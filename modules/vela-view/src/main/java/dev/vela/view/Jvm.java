package dev.vela.view;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.management.remote.JMXServiceURL;

/**
 * A JVM on this machine.
 *
 * @param process its process
 * @param mainClass its main class, or the name of its jar
 * @param startedAt when it was started; recorded, since the system forgets it when the process ends
 */
record Jvm(ProcessHandle process, String mainClass, Instant startedAt) {

    private static final String UNKNOWN = "unknown main class";

    /** What the kernel says a process catches, as bits; SIGQUIT is the third. */
    private static final String CAUGHT = "SigCgt:";

    private static final long SIGQUIT = 1L << 2;

    /** Returns those JVMs of this user that can be seen, except for this one. Does not connect to them. */
    static List<Jvm> all() {
        long own = ProcessHandle.current().pid();
        return VirtualMachine.list().stream()
                .filter(descriptor -> !descriptor.id().equals(Long.toString(own)))
                .flatMap(
                        descriptor -> ProcessHandle.of(Long.parseLong(descriptor.id()))
                                .map(process -> of(process, mainClass(descriptor)))
                                .stream())
                .toList();
    }

    /**
     * Returns the JVM with the given process id.
     *
     * @throws IOException if there is none, or if it is another user's
     */
    static Jvm of(long pid) throws IOException {
        ProcessHandle process = ProcessHandle.of(pid)
                .filter(handle -> !isZombie(handle))
                .orElseThrow(() -> new IOException("there is no process " + pid));
        Optional<VirtualMachineDescriptor> seen = VirtualMachine.list().stream()
                .filter(descriptor -> descriptor.id().equals(Long.toString(pid)))
                .findAny();
        // To attach sends SIGQUIT, which ends a process that is no JVM.
        if (seen.isEmpty() && !catchesQuit(process)) {
            throw new IOException("process " + pid + " is not a JVM that can be seen from here");
        }
        return of(process, seen.map(Jvm::mainClass).orElse(UNKNOWN));
    }

    private static Jvm of(ProcessHandle process, String mainClass) {
        return new Jvm(process, mainClass, process.info().startInstant().orElse(Instant.EPOCH));
    }

    /** The arguments of the application may hold secrets, and are left out. */
    private static String mainClass(VirtualMachineDescriptor descriptor) {
        String command = descriptor.displayName().strip();
        if (command.isEmpty()) {
            return UNKNOWN;
        }
        String first = command.split("\\s", 2)[0];
        return first.substring(first.lastIndexOf('/') + 1);
    }

    private static boolean catchesQuit(ProcessHandle process) {
        return status(process)
                .filter(line -> line.startsWith(CAUGHT))
                .map(line ->
                        Long.parseUnsignedLong(line.substring(CAUGHT.length()).strip(), 16) & SIGQUIT)
                .anyMatch(caught -> caught != 0);
    }

    /**
     * Attaching sends SIGQUIT, which ends many programs. A process id may also have come to another program since its JVM
     * was listed, so this is asked directly before.
     */
    private void requireJvm() throws IOException {
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return; // not Linux: only listed JVMs are attached to
        }
        if (!catchesQuit(process) || !hasJvmLibrary()) {
            throw new IOException(describe() + " is no JVM, or has not started yet");
        }
    }

    private boolean hasJvmLibrary() throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc", Long.toString(pid()), "maps"), ISO_8859_1)) {
            return maps.anyMatch(line -> line.endsWith("/libjvm.so"));
        } catch (IOException | UncheckedIOException e) {
            throw notAttached(e);
        }
    }

    private static boolean isZombie(ProcessHandle process) {
        return status(process).anyMatch(line -> line.startsWith("State:") && line.contains("Z"));
    }

    private static Stream<String> status(ProcessHandle process) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream();
        } catch (IOException e) {
            return Stream.empty(); // ended, or not Linux
        }
    }

    /** Whether another one runs the same program, as far as that can be seen. */
    boolean isLike(Jvm other) {
        return !mainClass.equals(UNKNOWN) && mainClass.equals(other.mainClass);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive() && !isZombie(process);
    }

    /** What this is, for the user. */
    String describe() {
        return "process " + pid() + " (" + mainClass + ")";
    }

    /**
     * Attaches, and connects to the local management agent, which listens to this machine's users of the same name only.
     *
     * @throws InterruptedIOException if the JVM does not answer
     * @throws IOException if it cannot be attached to; the message says why
     */
    MBeanSource.Connection connect() throws IOException {
        return RemoteConnection.open(new JMXServiceURL(agent()), Map.of());
    }

    private String agent() throws IOException {
        requireJvm();
        VirtualMachine machine;
        try {
            machine = VirtualMachine.attach(Long.toString(pid()));
        } catch (AttachNotSupportedException | IOException e) {
            throw notAttached(e);
        }
        try {
            return machine.startLocalManagementAgent();
        } catch (IOException e) {
            throw new IOException(
                    describe() + " cannot start its management agent, for which its Java needs the module"
                            + " jdk.management.agent: " + Failures.message(e),
                    e);
        } finally {
            machine.detach();
        }
    }

    private IOException notAttached(Exception e) {
        if (!isAlive()) {
            return new IOException(describe() + " has ended", e);
        }
        String own = ProcessHandle.current().info().user().orElse("");
        String owner = process.info().user().orElse(own);
        if (!owner.equals(own)) {
            return new IOException(
                    describe() + " belongs to " + owner + ": only that user can attach to it; use --jmx or --url", e);
        }
        String message = Failures.message(e);
        if (message.contains("does not support the attach mechanism")) {
            return new IOException(
                    describe() + " refuses to be attached to (-XX:+DisableAttachMechanism); use --jmx or --url", e);
        }
        if (message.contains("respond")) {
            InterruptedIOException silent = new InterruptedIOException(describe()
                    + " does not answer: it is stopped, or it is no HotSpot JVM, or it cannot be attached to");
            silent.initCause(e);
            return silent;
        }
        return new IOException(describe() + " cannot be attached to: " + message, e);
    }
}
