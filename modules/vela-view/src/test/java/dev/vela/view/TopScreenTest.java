package dev.vela.view;

import static dev.vela.view.Reporting.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class TopScreenTest {

    private final TopScreen screen = new TopScreen(true, true, ZoneOffset.UTC);
    private final TopView view = new TopView();

    private static Reporting orders() {
        Reporting report = new Reporting("a");
        report.topic("orders", "DEGRADED")
                .cause("TimeoutException: no answer in 30 s")
                .group("-partition-0", "READY", 100, 5, 850, 0)
                .group("-partition-1", "FENCED", 0, 7, 0, 3);
        report.topic("audit", "READY").group("", "READY", 10, 0, 0, 0);
        return report;
    }

    private List<String> lines(Watched watched, int width, int height) {
        view.show(TopRow.of(watched.runtimes()));
        return lines(screen, watched, width, height);
    }

    private List<String> lines(TopScreen shown, Watched watched, int width, int height) {
        List<AttributedString> lines = shown.lines(watched, view, width, height, NOON);
        assertThat(lines).hasSize(height).allMatch(line -> line.columnLength() <= width);
        return lines.stream()
                .map(AttributedString::toString)
                .map(String::stripTrailing)
                .toList();
    }

    @Test
    void showsTheTreeOnAnOrdinaryTerminal() {
        view.unfoldAll(true);

        List<String> lines = lines(Reporting.watched(orders().parsed()), 80, 24);

        assertThat(lines.subList(0, 9))
                .containsExactly(
                        "vela top  process 4711 (com.example.Orders)                                 LIVE",
                        "2/3 producers up, - msg/s, pending 12 of 1,000,000, runtime vela for 2h",
                        "   NAME              STATE          SINCE  MSG/S   PEND   OLD  RST LAST CAUSE",
                        ">▾ audit             ● READY           3m      -      0          0",
                        "     producer        ● READY           1m      -      0          0",
                        " ▾ orders            ◐ DEGRADED        3m      -     12 850ms    3 TimeoutExcep…",
                        "   ▾ partition 0     ● READY           1m      -      5 850ms    0",
                        "       producer-par… ● READY           1m      -      5 850ms    0",
                        "   ▾ partition 1     ✗ FENCED          1m      -      7          3");
        assertThat(lines.get(15)).isEqualTo("persistent://public/default/audit");
        assertThat(lines.get(16)).startsWith("-- events --");
        assertThat(lines.get(23)).startsWith("q quit  h help  s sort: name");
    }

    @Test
    void leavesColumnsOutWhereThereIsLittleRoom() {
        List<String> lines = lines(Reporting.watched(orders().parsed()), 40, 10);

        assertThat(lines.get(2)).isEqualTo("   NAME                   STATE");
        assertThat(lines.get(4)).startsWith(" ▸ orders").endsWith("◐ DEGRADED");
    }

    @Test
    void staysWithinAnySize() {
        view.unfoldAll(true);
        Watched watched =
                Reporting.watched(orders().event(1, "DIED", "orders", "broken").parsed());
        for (int width = 1; width < 130; width++) {
            for (int height = 1; height < 40; height += 3) {
                lines(watched, width, height);
            }
        }
        assertThat(screen.lines(watched, view, 0, 0, NOON)).isEmpty();
    }

    @Test
    void tellsStatesWithoutColoursAndWithoutUnicode() {
        Watched watched = Reporting.watched(orders().parsed());
        view.show(TopRow.of(watched.runtimes()));
        view.unfoldAll(true);
        TopScreen plain = new TopScreen(false, false, ZoneOffset.UTC);

        List<String> lines = lines(plain, watched, 80, 24);
        assertThat(lines.get(3)).contains("+ READY");
        assertThat(lines.get(5)).contains("~ DEGRADED");
        assertThat(lines.get(8)).contains("! FENCED");
        assertThat(String.join("", lines)).matches("[ -~]*");
        String ansi = ansi(plain, watched);
        assertThat(ansi).doesNotContainPattern("\\[[0-9;]*3[0-9]m");
        assertThat(ansi(screen, watched)).containsPattern("\\[[0-9;]*3[0-9]m");
    }

    private String ansi(TopScreen shown, Watched watched) {
        List<String> lines = new ArrayList<>();
        shown.lines(watched, view, 80, 24, NOON).forEach(line -> lines.add(line.toAnsi()));
        return String.join("\n", lines);
    }

    /** A cause that would ring, retitle the window, and turn the line around. */
    @Test
    void writesNoControlCharactersOfAnApplication() {
        String evil = "a\u001b]0;owned\u0007b\u009b31mc\u202Ed\ne\u2028f";
        Reporting report = new Reporting("a").event(1, "DIED" + evil, evil, evil);
        report.topic(evil, evil).cause(evil).group("-partition-" + evil, evil, 0, 0, 0, 0);
        Watched watched = new Watched(
                1,
                evil,
                Watched.Link.GONE,
                NOON,
                evil,
                List.of(report.parsed()),
                report.parsed().events());
        view.show(TopRow.of(watched.runtimes()));
        view.unfoldAll(true);
        view.message(evil);

        List<String> shown = new ArrayList<>(lines(watched, 200, 24));
        shown.addAll(TopText.lines(watched, NOON, ZoneOffset.UTC));
        view.mode(TopView.Mode.FILTER);
        view.filter(evil);
        shown.addAll(lines(watched, 200, 24));

        assertThat(shown)
                .allMatch(line -> line.codePoints()
                        .allMatch(c -> c >= ' ' && !(c >= 0x7f && c < 0xa0) && c != 0x202e && c != 0x2028));
        assertThat(String.join("", shown)).contains("a\uFFFD]0;owned");
    }

    @Test
    void keepsWideCharactersInTheirColumns() {
        Reporting report = new Reporting("a");
        report.topic("注文注文注文注文注文注文", "READY").group("", "READY", 0, 0, 0, 0);

        List<String> lines = lines(Reporting.watched(report.parsed()), 80, 24);

        AttributedString row = new AttributedString(lines.get(3));
        assertThat(row.columnSubSequence(21, 28).toString()).isEqualTo("● READY");
    }

    @Test
    void laysOutOnlyWhatIsSeenOfTenThousandProducers() {
        Reporting report = new Reporting("a");
        Reporting.Topic topic = report.topic("orders", "READY");
        for (int i = 0; i < 10_000; i++) {
            topic.group("-partition-" + i, "READY", 0, 0, 0, 0);
        }
        Watched watched = Reporting.watched(report.parsed());
        view.unfoldAll(true);

        assertThat(lines(watched, 80, 24).get(1)).startsWith("10000/10000 producers up");
        view.select(Integer.MAX_VALUE);
        assertThat(lines(watched, 80, 24).get(14)).startsWith(">      producer-pa");
        assertThat(view.lines()).hasSize(20_001);
    }

    @Test
    void saysThatAnApplicationDoesNotAnswer() {
        Watched frozen = new Watched(
                1,
                "process 4711 (A)",
                Watched.Link.SILENT,
                NOON.minusSeconds(12),
                "no answer",
                List.of(orders().parsed()),
                List.of());

        List<String> lines = lines(frozen, 80, 24);

        assertThat(lines.get(0)).endsWith("NO ANSWER for 12s");
        assertThat(lines.get(2)).isEqualTo("no answer");
        assertThat(lines.get(4)).contains("audit");
    }

    @Test
    void showsTheLastEventsInTheZoneOfTheUser() {
        LiveRuntime runtime = orders().event(1, "FENCED", "orders", "ProducerFencedException: other")
                .parsed();
        Watched watched =
                new Watched(1, "process 4711 (A)", Watched.Link.LIVE, NOON, "", List.of(runtime), runtime.events());

        assertThat(lines(watched, 80, 24).get(17))
                .isEqualTo("12:00:01 ✗ FENCED         orders: ProducerFencedException: other");
    }

    @Test
    void showsEachRuntimeOfSeveral() {
        Reporting second = new Reporting("b");
        second.topic("clicks", "READY").group("", "READY", 0, 0, 0, 0);
        view.unfoldAll(true);

        List<String> lines = lines(Reporting.watched(orders().parsed(), second.parsed()), 80, 40);

        assertThat(lines.get(1)).endsWith("2 runtimes");
        assertThat(lines.get(3)).startsWith(">▾ vela");
        assertThat(lines).anyMatch(line -> line.startsWith("   ▾ clicks"));
    }
}
