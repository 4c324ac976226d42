package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the command refuses before anything starts. */
class ChaosCommandTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --view --subject official | --view must not be given beside --subject official
                    --subject nobody          | --subject must be vela or official, was nobody
                    --minutes 0.1             | --minutes must be in [0.25, 1440], was 0.1
                    --seed 1 --seeds 1-2      | --seed must not be given beside --seeds, was 1
                    --faults rain             | --faults must name faults of
                    --with fencing,standby    | --with must not have both fencing and standby, was fencing,standby
                    """)
    void refusesOptionsThatDoNotFit(String options, String message) {
        StringWriter err = new StringWriter();
        int status = new CommandLine(new ChaosCommand(work -> () -> {
                    throw new AssertionError("something was started");
                }))
                .setErr(new PrintWriter(err, true))
                .execute(options.split(" "));

        assertThat(status).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).startsWith(message);
    }
}
