package dev.vela.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The command that starts the JVM of a server.
 *
 * @param jvmOptions the caller's JVM options, which follow the built-in ones
 * @param entries the arguments of the main class, each passed as {@code key=value}
 */
record ServerCommand(List<Path> classPath, ServerRole role, List<String> jvmOptions, Map<String, String> entries) {

    /*
     * Ctrl-C goes to the whole foreground process group. The parent decides when the server ends, because the parent
     * may still have to wait for receipts. A JVM that starts with SIGINT ignored keeps ignoring it.
     */
    private static final String UNINTERRUPTED = "trap '' INT; exec \"$0\" \"$@\"";

    /** The option that chooses a garbage collector; only one is allowed. Small heaps need the simplest collector. */
    private static final String COLLECTOR = "-XX:\\+Use\\w+GC";

    /**
     * Options that Pulsar needs on Java 17, options that its libraries need on later versions, and a compiler that is
     * quick rather than thorough, as suits tests.
     */
    private static final List<String> JVM_OPTIONS = List.of(
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/java.util.zip=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.platform=ALL-UNNAMED",
            "--add-opens=java.base/sun.net=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "-Dsun.misc.unsafe.memory.access=allow",
            "-Dio.netty.tryReflectionSetAccessible=true",
            "-Djava.net.preferIPv4Stack=true",
            "-Dlog4j2.is.webapp=false",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1");

    /** Returns the command that runs the server in a folder. */
    List<String> in(ServerFolder folder) {
        List<String> arguments = new ArrayList<>(JVM_OPTIONS);
        arguments.addAll(role.jvmOptions());
        if (role != ServerRole.STANDALONE && jvmOptions.stream().noneMatch(option -> option.matches(COLLECTOR))) {
            arguments.add("-XX:+UseSerialGC");
        }
        arguments.add("-Djava.io.tmpdir=" + folder.emptyScratch());
        arguments.addAll(jvmOptions);
        arguments.add("-cp");
        arguments.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        arguments.add(role.mainClass());
        entries.forEach((key, value) -> arguments.add(key + '=' + value));

        // A file, because the class path exceeds some systems' command lines, and entries may hold secrets.
        Path file = folder.path().resolve("java-arguments");
        try {
            PrivateFile.write(
                    file, arguments.stream().map(ServerCommand::quoted).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Watchdog.SHELL.toFile().canExecute()
                ? List.of(Watchdog.SHELL.toString(), "-c", UNINTERRUPTED, java, "@" + file)
                : List.of(java, "@" + file);
    }

    private static String quoted(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
