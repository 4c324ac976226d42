package dev.vela.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The zip of the command line on a machine that has a small Java runtime, an empty home folder, and no Maven. */
class CommandLineZipIT {

    /** README.txt of the zip names them, too. */
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
        // Stands for Maven Central: the build has fetched the server's jars already.
        HttpServer central = repository(Path.of(System.getProperty("maven.repo.local")));
        Command command;
        try {
            command = Command.run(
                    vela,
                    Map.of(
                            "HOME",
                            home.toString(),
                            "JAVA_HOME",
                            machine.resolve("java").toString(),
                            "VELA_JAVA_OPTS",
                            "-Duser.home=" + home,
                            "VELA_LOCAL_MAVEN_URL",
                            "http://127.0.0.1:" + central.getAddress().getPort() + "/"),
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
        } finally {
            central.stop(0);
        }
        assertThat(command.status()).as(command.err()).isZero();
        assertThat(command.out()).contains("\"published\":10000,\"verified\":10000,\"lost\":0");
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

    /** Serves the files of a local repository. */
    private static HttpServer repository(Path folder) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "repository");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> {
            try (exchange) {
                Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1));
                exchange.sendResponseHeaders(200, Files.size(file));
                Files.copy(file, exchange.getResponseBody());
            }
        });
        server.start();
        return server;
    }

    private static void unzip(Path zip, Path folder) throws Exception {
        Command unzipped = Command.run(folder, Map.of(), List.of("unzip", "-q", zip.toString()));
        assertThat(unzipped.status()).as(unzipped.err()).isZero();
    }
}
