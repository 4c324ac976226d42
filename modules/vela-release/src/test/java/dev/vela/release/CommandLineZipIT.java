package dev.vela.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The zip of the command line on a machine that has a small Java runtime, an empty home folder, and no Maven. */
class CommandLineZipIT {

    /** docs/releasing.md names them, too. */
    private static final String MODULES =
            "java.base,java.compiler,java.desktop,java.management,java.naming,java.net.http,"
                    + "java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.attach,jdk.crypto.ec,jdk.httpserver,jdk.jfr,"
                    + "jdk.management,jdk.management.agent,jdk.unsupported";

    @TempDir
    private static Path machine;

    private static Path home;
    private static Path vela;

    @BeforeAll
    static void unpacks() throws Exception {
        home = Files.createDirectory(machine.resolve("home"));
        unzip(Release.ROOT.resolve("target/vela-" + Release.VERSION + ".zip"), machine);
        vela = machine.resolve("vela-" + Release.VERSION);
        Command linked = Command.run(
                machine,
                Map.of(),
                List.of(
                        System.getProperty("java.home") + "/bin/jlink",
                        "--add-modules",
                        MODULES,
                        "--output",
                        machine.resolve("java").toString()));
        assertThat(linked.status()).as(linked.out() + linked.err()).isZero();
    }

    @Test
    void tellsItsVersion() throws Exception {
        Command command = vela("--version");
        assertThat(command.err()).isEmpty();
        assertThat(command.out()).isEqualTo("vela " + Release.VERSION + "\n");
    }

    @Test
    void runsThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(home.resolve("vela"), vela.resolve("bin/vela"));
        Command command = run(List.of(link.toString(), "--version"));
        assertThat(command.out()).isEqualTo("vela " + Release.VERSION + "\n");
    }

    @Test
    void hasALicenceForEveryLibrary() throws IOException {
        String thirdParty = Files.readString(vela.resolve("THIRD-PARTY.txt"));
        assertThat(Files.readString(vela.resolve("LICENSE"))).contains("Apache License");
        try (Stream<Path> libraries = Files.list(vela.resolve("lib"))) {
            assertThat(libraries
                            .map(library -> library.getFileName().toString())
                            .filter(library -> !library.startsWith("vela-"))
                            .map(library -> library.replaceFirst("-\\d.*", "")))
                    .isNotEmpty()
                    .allSatisfy(library -> assertThat(thirdParty).contains(":" + library + ":"));
        }
    }

    @Test
    void completesCommandsInBash() throws Exception {
        Command command = run(
                List.of(
                        "bash",
                        "-c",
                        ". completion/vela && COMP_WORDS=(vela pro) COMP_CWORD=1 && _complete_vela && echo \"${COMPREPLY[@]}\""));
        assertThat(command.err()).isEmpty();
        assertThat(command.out()).isEqualTo("produce\n");
    }

    @Test
    void publishesToAPulsarOfItsOwn() throws Exception {
        // The build has the server's jars already; a machine without Maven fetches them.
        Command command = Command.run(
                vela,
                Map.of(
                        "HOME", home.toString(),
                        "JAVA_HOME", machine.resolve("java").toString(),
                        "VELA_JAVA_OPTS", "-Dmaven.repo.local=" + System.getProperty("maven.repo.local")),
                List.of(
                        "bin/vela",
                        "produce",
                        "--topic",
                        "orders",
                        "--partitions",
                        "4",
                        "--key-field",
                        "customer",
                        "--verify",
                        "--json",
                        Release.ROOT.resolve("samples/orders.ndjson").toString()));
        assertThat(command.status()).as(command.err()).isZero();
        assertThat(command.out()).contains("\"lost\" : 0");
    }

    @Test
    void tellsWhatCannotBeFetched() throws Exception {
        Command command = Command.run(
                vela,
                Map.of(
                        "HOME",
                        home.toString(),
                        "JAVA_HOME",
                        machine.resolve("java").toString(),
                        "VELA_JAVA_OPTS",
                        "-Dmaven.repo.local=" + home.resolve("nothing"),
                        "VELA_LOCAL_MAVEN_URL",
                        "http://127.0.0.1:9/maven2"),
                List.of("bin/vela", "local"));
        assertThat(command.status()).isEqualTo(1);
        assertThat(command.err())
                .contains("vela: cannot start a local Pulsar: cannot fetch http://127.0.0.1:9/maven2/");
    }

    private static Command vela(String... arguments) throws Exception {
        return run(Stream.concat(Stream.of("bin/vela"), Stream.of(arguments)).toList());
    }

    private static Command run(List<String> command) throws Exception {
        return Command.run(
                vela,
                Map.of(
                        "HOME", home.toString(),
                        "JAVA_HOME", machine.resolve("java").toString()),
                command);
    }

    private static void unzip(Path zip, Path folder) throws Exception {
        Command unzipped = Command.run(folder, Map.of(), List.of("unzip", "-q", zip.toString()));
        assertThat(unzipped.status()).as(unzipped.err()).isZero();
    }
}
