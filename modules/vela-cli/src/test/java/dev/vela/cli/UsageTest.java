package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command lines that cannot be meant are refused before anything is started. */
class UsageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\" | a command is missing",
                "consume | Unmatched argument",
                "produce | Missing required option: '--topic=TOPIC'",
                "produce -t o --nope | Unknown option: '--nope'",
                "produce -t o a b | Unmatched argument",
                "produce -t o nofile.txt | nofile.txt does not exist",
                "produce -t a/b/c/d/e | --topic must be a name",
                "produce -t a/b | --topic must be a name",
                "produce -t foo://a/b/c | --topic must be a name",
                "produce -t= | --topic must be a name",
                "produce -t o --url localhost | --url must be an address",
                "produce -t o --url pulsr://x | --url must be an address",
                "produce -t o --url pulsar:// | --url must be an address",
                "produce -t o --url pulsar://h:0 | --url must be an address",
                "produce -t o --url pulsar://h:65536 | --url must be an address",
                "produce -t o --url pulsar://a,,b | --url must be an address",
                "produce -t o --partitions -1 | --partitions must be in [0, 100000], was -1",
                "produce -t o --partitions x | 'x' is not an int",
                "produce -t o-partition-1 --partitions 2 | which is a partition itself",
                "produce -t o --partitions 100001 | --partitions must be in [0, 100000], was 100001",
                "produce -t o --partitions 2147483648 | '2147483648' is not an int",
                "produce -t o --producers 0 | --producers must be in [1, 1000], was 0",
                "produce -t o --producers 1001 | --producers must be in [1, 1000], was 1001",
                "produce -t o --producers | option '--producers'",
                "produce -t o --producers 2 --access-mode exclusive | --access-mode Exclusive needs --producers 1, was 2",
                "produce -t o --producers 2 --access-mode exclusive-with-fencing | needs --producers 1",
                "produce -t o --access-mode mine | 'mine' is none of Shared",
                "produce -t o --compression rar | 'rar' is none of NONE, LZ4",
                "produce -t o --in-flight forget | 'forget' is none of REPORT, REPLAY",
                "produce -t o --hash md5 | 'md5' is none of PHASH2",
                "produce -t o --rate 0 | --rate must be > 0 and <= 1000000000, was 0",
                "produce -t o --rate Infinity | --rate must be > 0 and <= 1000000000, was Infinity",
                "produce -t o --rate x | option '--rate'",
                "produce -t o --rate -5 | --rate must be > 0",
                "produce -t o --rate NaN | --rate must be > 0",
                "produce -t o --timeout 5 | '5' is not a duration such as 200ms",
                "produce -t o --timeout 0s | --timeout must be in (0, 24h], was 0ms",
                "produce -t o --timeout 25h | --timeout must be in (0, 24h], was 25h",
                "produce -t o --timeout 999999999h | --timeout must be in (0, 24h], was 999999999h",
                "produce -t o --timeout -5s | option '--timeout'",
                "produce -t o --batch-messages 1 | --batch-messages must be >= 2, was 1",
                "produce -t o --batch-bytes 100 | --batch-bytes must be in [128, 4194304], was 100",
                "produce -t o --batch-interval 0s | --batch-interval must be in [1ms, 1m], was 0ms",
                "produce -t o --batch-interval 2m | --batch-interval must be in [1ms, 1m], was 2m",
                "produce -t o --batch-interval 60001ms | --batch-interval must be in [1ms, 1m], was 60001ms",
                "produce -t o --batch-messages 2147483648 | '2147483648' is not an int",
                "produce -t o --batch-bytes 4194305 | --batch-bytes must be in [128, 4194304], was 4194305",
                "produce -t o --property color | --property must be NAME=VALUE, was color",
                "produce -t o --property =red | --property must be NAME=VALUE, was =red",
                "produce -t o --property vela-run=1 | --property must not be vela-run",
                "produce -t o --format csv | 'csv' is none of PLAIN, NDJSON",
                "produce -t o --format plain --key-field k | --key-field needs --format ndjson",
                "produce -t o --format plain --event-time-field k | --event-time-field needs --format ndjson",
                "produce -t o --auth-plugin p | --auth-plugin needs --url",
                "produce -t o --auth-params p | --auth-params needs --url",
                "produce -t o --tls-allow-insecure | --tls-allow-insecure needs --url",
                "produce -t o --url pulsar://h --auth-params token:x | --auth-params needs --auth-plugin",
                "produce -t o --url pulsar://h --auth-plugin no.Such | --auth-plugin must be a class",
                "produce -t o --url pulsar://h --tls-allow-insecure | --tls-allow-insecure needs a --url that begins with pulsar+ssl:// or https://, was pulsar://h",
                "produce -t o --url pulsar+ssl://h --tls-trust-cert-path nofile.pem | must be a file that can be read",
                "produce -t o --url pulsar+ssl://h --tls-trust-cert-path src | must be a file that can be read, was src",
                "produce -t o --url pulsar://h:99999999999 | --url must be an address",
                "bench --nope | Unknown option: '--nope'",
                "bench --only nope | --only must name keys of nonPersistent1, nonPersistent4Shared, ",
                "bench --rounds 0 | --rounds must be in [1, 1000], was 0",
                "bench --seconds NaN | --seconds must be in [0.1, 60.0], was NaN",
                "bench --outstanding 999 | --outstanding must be in [1000, 10000000], was 999",
                "bench --url pulsar://h:1 | --url and --admin-url must be given together",
                "bench --url h --admin-url http://h | --url must be an address",
                "bench --url pulsar://h --admin-url h | --admin-url must be an address",
                "bench --output pom.xml | --output must be a folder that can be made, was pom.xml",
                "chaos --minutes 0 | --minutes must be in [0.25, 1440], was 0",
                "chaos --minutes NaN | --minutes must be in [0.25, 1440], was NaN",
                "chaos --seeds 3-1 | --seeds must be 1 to 100000 of them, ascending, was 3-1",
                "chaos --seeds some | --seeds must be such as 1-120 or 7,12,30-39, was some",
                "chaos --seeds 1-3 --seed 4 | --seed must not be given beside --seeds, was 4",
                "chaos --rate 9 | --rate must be in [10, 20000], was 9",
                "chaos --producers 0 | --producers must be in [1, 16], was 0",
                "chaos --subject nope | --subject must be vela or official, was nope",
                "chaos --batching yes | --batching must be on or off, was yes",
                "chaos --in-flight forget | --in-flight must be report or replay, was forget",
                "chaos --faults nope | --faults must name faults of broker-killed, ",
                "chaos --output pom.xml | --output must be a folder that can be made, was pom.xml",
                "local --nope | Unknown option: '--nope'",
                "local --folder pom.xml | --folder must be a folder, or one that can be made, was 'pom.xml'",
                "local --folder= | --folder must be a folder, or one that can be made, was ''",
                "local --brokers 0 | --brokers must be >= 1, was 0",
                "local --bookies 0 | --bookies must be >= 1, was 0",
                "local folder | Unmatched argument"
            })
    void refusesInOneLine(String commandLine, String message) {
        Run run = Run.of(commandLine.isEmpty() ? new String[0] : commandLine.split(" "));

        assertThat(run.err()).contains(message);
        assertThat(run.err().lines()).hasSize(1).allMatch(line -> line.startsWith("vela: "));
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(Main.USAGE);
    }

    @Test
    void refusesADirectory(@TempDir Path folder) {
        Run run = Run.of("produce", "-t", "o", folder.toString());

        assertThat(run.err()).startsWith("vela: " + folder + " is a directory, must be a file");
        assertThat(run.status()).isEqualTo(Main.USAGE);
    }

    @Test
    void explainsItself() {
        Run run = Run.of("produce", "--help");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains(Arrays.asList(
                        "--topic",
                        "--url",
                        "--producers",
                        "--partitions",
                        "--rate",
                        "--property",
                        "--access-mode",
                        "--compression",
                        "--in-flight",
                        "--hash",
                        "--timeout",
                        "--auth-plugin",
                        "--auth-params",
                        "--tls-trust-cert-path",
                        "--json",
                        "--verify",
                        "--key-field",
                        "--event-time-field",
                        "ndjson"));
        assertThat(Run.of("--help").out()).contains("produce", "local", "bench", "chaos");
        assertThat(Run.of("--version").out()).startsWith("vela ");
    }
}
