package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.PulsarClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code vela top} in a real terminal. */
@Tag("full")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class TopTerminalIT {

    private static final String TOP = OrdersProcess.JAVA + " --enable-native-access=ALL-UNNAMED " + Top.class.getName();

    @TempDir
    private Path folder;

    private Tmux terminal;
    private OrdersProcess application;

    @BeforeAll
    static void createTopic() {
        assumeThat(Tmux.isInstalled())
                .as("tmux is needed for this test, and is not installed")
                .isTrue();
        SharedPulsar.get().admin().createPartitionedTopic("terminal-orders", 3);
    }

    @BeforeEach
    void start() throws Exception {
        application = OrdersProcess.start("terminal-orders", "terminal-ledger");
        terminal = new Tmux(folder, 80, 24);
        terminal.awaitLine("^prompt$");
    }

    @AfterEach
    void end() throws Exception {
        if (application != null) {
            application.close();
        }
        if (terminal != null) {
            terminal.close();
        }
    }

    private void command() throws Exception {
        terminal.type(TOP + " " + application.pid());
        terminal.press("Enter");
    }

    private void top() throws Exception {
        command();
        terminal.awaitLine("^vela top  process " + application.pid() + " .*LIVE$");
        assertThat(terminal.modes()).isEqualTo("1 0");
    }

    private void assertGivenBack(String status) throws Exception {
        assertThat(terminal.modes()).isEqualTo("0 1");
        terminal.type("echo status $?; stty -a");
        terminal.press("Enter");
        terminal.awaitLine("^status " + status + "$");
        terminal.awaitLine("(^| )isig icanon iexten echo ");
    }

    @Test
    void sortsUnfoldsFiltersResizesAndQuits() throws Exception {
        top();
        terminal.awaitLine("^4/4 producers up, [0-9.]+ msg/s");
        terminal.awaitLine("^>▾ ledger +● READY");
        terminal.awaitLine("^[0-9:]{8} ● READY +orders ");
        terminal.type("-");
        terminal.awaitLine("^ ▸ orders");
        terminal.awaitNoLine("partition 2 ");
        terminal.press("Down");
        terminal.awaitLine("^>▸ orders");
        terminal.press("Right");
        terminal.awaitLine("^   ▸ partition 2 ");
        terminal.press("Left");
        terminal.awaitNoLine("partition 2 ");
        terminal.type("s");
        terminal.awaitLine("sort: state");

        terminal.type("/tion 1");
        terminal.awaitLine("^   ▸ partition 1 ");
        terminal.awaitNoLine("ledger +● READY");
        terminal.press("BSpace");
        terminal.press("BSpace");
        terminal.awaitLine("^   ▸ partition 2 ");
        terminal.press("Escape");
        terminal.awaitLine("ledger +● READY");

        terminal.resize(40, 10);
        terminal.awaitLine("^   NAME {19}STATE$");
        terminal.resize(150, 40);
        terminal.awaitLine("SINCE +MSG/S +PEND +OLD +RST +LAST CAUSE");
        terminal.type("h");
        terminal.awaitLine("unfold all, fold all");
        terminal.type("x");
        terminal.awaitLine("^>▸ orders");

        terminal.type("q");
        terminal.awaitLine("^prompt$");
        assertGivenBack("0");
    }

    @Test
    void restartsAFencedProducerOnceTheUserSaysYes() throws Exception {
        top();
        try (PulsarClient rival = TopIT.rival("terminal-ledger")) {
            terminal.awaitLine("^>▾ ledger +✗ DOWN");
            terminal.awaitLine("ledger-0-\\S+ +✗ FENCED");
            terminal.awaitLine("^3/4 producers up");
        }
        terminal.type("r");
        terminal.awaitLine("restart the producers of 'ledger' that are down\\? y/n");
        terminal.type("n");
        terminal.awaitLine("nothing restarted");
        terminal.type("ry");
        terminal.awaitLine("^>▾ ledger +● READY");
        terminal.awaitLine("^4/4 producers up");
        terminal.press("C-c");
        terminal.awaitLine("^prompt$");
        assertGivenBack("0");
    }

    @Test
    void takesUpAnApplicationThatWasFrozenOrStartedAgain() throws Exception {
        top();
        application.signal("STOP");
        terminal.awaitLine("NO ANSWER for \\d+s$");
        terminal.type("-"); // it still listens to keys
        terminal.awaitLine("^ ▸ orders");
        application.signal("CONT");
        terminal.awaitLine("LIVE$");
        String first = application.pid();
        application.close();
        terminal.awaitLine("GONE for \\d+s$");
        terminal.awaitLine("^process " + first + " has ended; waiting for another JVM that runs");

        application = OrdersProcess.start("terminal-orders", "terminal-ledger");

        terminal.awaitLine("^vela top  process " + application.pid() + " .*LIVE$");
        terminal.awaitLine("^ ▸ orders +● READY");
        terminal.type("q");
        terminal.awaitLine("^prompt$");
        assertGivenBack("0");
    }

    @Test
    void saysSoWhenTheApplicationIsFrozenFromTheStart() throws Exception {
        application.signal("STOP");
        command();
        terminal.awaitLine("^vela top  process " + application.pid() + " .*NO ANSWER for \\d+s$");
        application.signal("CONT");
        terminal.awaitLine("^vela top  process " + application.pid() + " .*LIVE$");
        terminal.type("q");
        terminal.awaitLine("^prompt$");
        assertGivenBack("0");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void givesTheTerminalBackWhenASignalEndsIt(String signal, String status) throws Exception {
        top();
        long pid = terminal.child();
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
        terminal.awaitLine("^prompt$");
        assertGivenBack(status);
    }

    @Test
    void usesNoColoursAndNoFullScreenWhereThereAreNone() throws Exception {
        terminal.resize(150, 60);
        terminal.type("TERM=dumb " + TOP + " " + application.pid());
        terminal.press("Enter");
        terminal.awaitLine("^orders +\\+ READY");
        terminal.awaitLine("^prompt $|^prompt$");
        assertThat(terminal.modes()).isEqualTo("0 1");
    }
}
