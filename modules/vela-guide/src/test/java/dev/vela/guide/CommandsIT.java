package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each command that a document shows works: it is run here as it stands, or {@link #ELSEWHERE} names what proves it.
 * The process id 4711 of the documents stands for that of the JVM of this test, which has a runtime.
 */
@Tag("full")
class CommandsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Pattern ADDRESS = Pattern.compile("http://(?:127\\.0\\.0\\.1|localhost):\\S+(?=\\s)");
    private static final String OWN_PID = Long.toString(ProcessHandle.current().pid());
    private static final int TERMINATED = 128 + 15;

    private static final String CI = ".ci/run";
    private static final String BENCH = test("vela-bench", "bench", "BenchIT");
    private static final String CHAOS = test("vela-chaos", "chaos", "ChaosIT");
    private static final String CONFORMANCE = "modules/vela-conformance/pom.xml";
    private static final String REPRODUCIBLE = "release/reproducible";
    private static final String SOURCES = test("vela-view", "view", "SourcesTest");
    private static final String TOP = test("vela-view", "view", "TopIT");

    /** What takes long, changes the repository, or needs what a test cannot have: what proves it, or runs it. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            // The build itself.
            Map.entry("./mvnw verify", CI),
            Map.entry("./mvnw verify -Pfull", CI),
            Map.entry("./mvnw install -DskipTests", CI),
            Map.entry("./mvnw package -pl modules/vela-guide -am -DskipTests", CI),
            Map.entry("./mvnw -q -pl :vela-cli -am package -Dmaven.test.skip=true", "vela"),
            Map.entry(
                    "./mvnw verify -Pfull -pl :vela-conformance -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false",
                    CONFORMANCE),
            // A release, which is tried out with every commit that is to be one.
            Map.entry("./mvnw -Prelease verify", REPRODUCIBLE),
            Map.entry("./mvnw -Prelease verify -Dgpg.keyname=YOUR_KEY", REPRODUCIBLE),
            Map.entry("release/reproducible", REPRODUCIBLE),
            Map.entry("release/version", REPRODUCIBLE),
            Map.entry("release/version 0.1.0", REPRODUCIBLE),
            Map.entry("release/version 0.2.0-SNAPSHOT", REPRODUCIBLE),
            // Minutes to hours: shorter ones of their kind are tests.
            Map.entry("./vela bench", BENCH),
            Map.entry("./vela bench --quick", BENCH),
            Map.entry("./vela bench --only metrics --quick", BENCH),
            Map.entry("./vela chaos", CHAOS),
            Map.entry("./vela chaos --seed 1 --minutes 0.75 --rate 500", CHAOS),
            Map.entry("./vela chaos --seed 7 --minutes 3", CHAOS),
            Map.entry("./vela chaos --seed 513 --with all", CHAOS),
            Map.entry("./vela chaos --seed N --minutes M", CHAOS),
            Map.entry("./vela chaos --seeds 1-120 --minutes 1 >> chaos.txt", CHAOS),
            Map.entry("./vela chaos --seeds 19-120 --minutes 1", CHAOS),
            Map.entry("./vela chaos --alone --seed 7 --minutes 0.5", CHAOS),
            Map.entry("./vela chaos --alone --seed 77 --minutes 0.5", CHAOS),
            Map.entry(
                    "./vela chaos --seed 2026 --minutes 60 --batching on --deduplication on --producers 2 --in-flight replay",
                    CHAOS),
            Map.entry(
                    "./mvnw verify -pl :vela-it -am -Dit.test=BrokerFrozenFigures -Dtest=none"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false",
                    test("vela-it", "behaviour", "BrokerFrozenFigures")),
            // Another machine.
            Map.entry(
                    "./vela produce --url pulsar+ssl://pulsar.example.com:6651 --auth-plugin"
                            + " org.apache.pulsar.client.impl.auth.AuthenticationToken --auth-params"
                            + " file:///etc/pulsar/token --tls-trust-cert-path /etc/ssl/pulsar-ca.pem --topic orders"
                            + " samples/orders.ndjson",
                    test("vela-cli", "cli", "UsageTest")),
            Map.entry("./vela top --jmx host:9010", TOP),
            Map.entry("./vela view --jmx host:9010", TOP),
            Map.entry("./vela top --url http://host:8080/actuator/velaview", SOURCES),
            Map.entry("./vela view --url http://host:8080/actuator/velaview", SOURCES));

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @TempDir
    private Path folder;

    private static String test(String module, String path, String name) {
        return "modules/" + module + "/src/test/java/dev/vela/" + path + "/" + name + ".java";
    }

    /** Every command, with the documents that show it. */
    private static Map<Command, String> all() {
        Map<Command, String> all = new TreeMap<>();
        Stream.concat(Stream.of(Documents.ROOT.resolve("README.md")), Documents.files("docs", ".md"))
                .filter(document -> !Documents.name(document).startsWith("docs/decisions/"))
                .forEach(document -> Command.of(Documents.read(document))
                        .forEach(command -> all.merge(command, Documents.name(document), (a, b) -> a + ", " + b)));
        return all;
    }

    static Stream<Command> commands() {
        return all().keySet().stream().filter(command -> !ELSEWHERE.containsKey(command.text()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void works(Command command, Vela vela) throws Exception {
        assertThat(command.text()).as("a build within the build").doesNotStartWith("./mvnw");
        vela.newProducer(Schema.STRING).topic("commands").start().awaitReady(Duration.ofMinutes(2));
        String line = command.text().replaceAll("\\b4711\\b", OWN_PID);
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder("sh", "-c", "exec " + line)
                .directory(Documents.ROOT.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            await().atMost(PATIENCE)
                    .until(() -> !process.isAlive()
                            || (command.isServing() && address(output).findAny().isPresent()));
            if (process.isAlive()) {
                assertServes(command, output);
                process.destroy();
                assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(process.exitValue()).as(Documents.read(output)).isEqualTo(TERMINATED);
            } else if (!isAskedToChoose(command, output)) {
                assertThat(process.exitValue()).as(Documents.read(output)).isZero();
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static Stream<String> address(Path output) {
        return ADDRESS.matcher(Documents.read(output)).results().map(MatchResult::group);
    }

    private static void assertServes(Command command, Path output) throws IOException, InterruptedException {
        URI address = URI.create(address(output).findFirst().orElseThrow());
        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        if (command.isPage()) {
            assertThat(page.statusCode()).as("%s", address).isEqualTo(200);
            assertThat(page.body()).contains("<title>");
        } else { // a Pulsar, which has no page there
            assertThat(page.statusCode()).as("%s", address).isLessThan(500);
        }
    }

    /** Without a process id, the only application is taken; on a machine where others run meanwhile, all are listed. */
    private static boolean isAskedToChoose(Command command, Path output) {
        return List.of("./vela top", "./vela view").contains(command.text())
                && Documents.read(output).contains("choose one by its PID")
                && Documents.read(output).contains(OWN_PID + " ");
    }

    // ---- what is proved elsewhere

    @Test
    void whatIsProvedElsewhereIsShownAndItsProofIsThere() {
        assertThat(ELSEWHERE.keySet())
                .isSubsetOf(all().keySet().stream().map(Command::text).toList());
        assertThat(ELSEWHERE.values())
                .allSatisfy(proof -> assertThat(Documents.ROOT.resolve(proof)).isRegularFile());
    }

    @Test
    void whatIsProvedElsewhereHasOptionsThatThereAre() throws Exception {
        Map<String, TreeSet<String>> options = ELSEWHERE.keySet().stream()
                .map(Command::new)
                .filter(Command::isOfVela)
                .collect(Collectors.groupingBy(
                        Command::subcommand,
                        TreeMap::new,
                        Collectors.flatMapping(Command::options, Collectors.toCollection(TreeSet::new))));
        assertThat(options).isNotEmpty();
        for (Map.Entry<String, TreeSet<String>> used : options.entrySet()) {
            assertThat(help(used.getKey()).split("[^\\w-]+")).containsAll(used.getValue());
        }
    }

    private String help(String subcommand) throws Exception {
        Path output = folder.resolve("help");
        Process process = new ProcessBuilder("./vela", subcommand, "--help")
                .directory(Documents.ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail("./vela " + subcommand + " --help does not end");
        }
        assertThat(process.exitValue()).isZero();
        return Files.readString(output);
    }
}
