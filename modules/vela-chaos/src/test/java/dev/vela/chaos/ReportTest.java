package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vela.InFlightPolicy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Schedule.Entry CUT = new Schedule.Entry(3_000, FaultKind.TCP_CUT, 2_500, 7);
    private static final Plan PLAN = new Plan(
            7,
            Duration.ofSeconds(30),
            new Setup(
                    Subject.VELA,
                    true,
                    false,
                    2,
                    InFlightPolicy.REPLAY,
                    500,
                    Set.of(Dimension.SCHEMAS, Dimension.CHUNKING)),
            new Schedule(List.of(CUT)),
            true,
            "--faults tcp-cut");

    private static Findings findings(Verdict verdict) {
        return new Findings(
                verdict,
                List.of(new InjectedFault(CUT, 0, 1, null)),
                List.of(new Effect(5, Duration.ofMillis(2_300))),
                List.of(new Recovery(Optional.of(Duration.ofMillis(1_200)), Optional.empty())),
                List.of(
                        new Vitals(0, 1_000, 40_000_000, 8_000_000, 210_000_000, 31, 95),
                        new Vitals(0, 21_000, 41_000_000, 8_000_000, 215_000_000, 32, 96)),
                Map.of("UNKNOWN SendTimeoutException", 4L));
    }

    private static Findings notDone() {
        return new Findings(
                CLEAN,
                List.of(new InjectedFault(CUT, 0, 1, "refused")),
                List.of(new Effect(0, Duration.ZERO)),
                List.of(new Recovery(Optional.empty(), Optional.empty())),
                List.of(),
                Map.of());
    }

    private static final Verdict CLEAN = new Verdict(10, 4, 2, 4, 1, 0, 5, 3, 0, 0, 0, 0, 0, 0, 0, false, List.of());
    private static final Verdict LOSSY =
            new Verdict(10, 4, 2, 4, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, List.of("lost: it"));

    private static String text(Verdict verdict) {
        StringWriter out = new StringWriter();
        TextReport.print(PLAN, findings(verdict), new PrintWriter(out, true));
        return out.toString();
    }

    @Test
    void jsonHasTheCountsThePlanAndTheFaults() throws Exception {
        JsonNode json = new ObjectMapper().readTree(JsonReport.of(PLAN, findings(CLEAN)));

        assertThat(json.get("sent").asLong()).isEqualTo(10);
        assertThat(json.get("stored").asLong()).isEqualTo(4);
        assertThat(json.get("failed").asLong()).isEqualTo(2);
        assertThat(json.get("unknown").asLong()).isEqualTo(4);
        assertThat(json.get("duplicated").asLong()).isEqualTo(3);
        for (String zero :
                List.of("lost", "outOfOrder", "unanswered", "leaked", "dishonest", "abandoned", "usurped", "torn")) {
            assertThat(json.get(zero).asLong(-1)).as(zero).isZero();
        }
        assertThat(json.get("clean").asBoolean()).isTrue();
        assertThat(json.get("seed").asLong()).isEqualTo(7);
        assertThat(json.get("subject").asText()).isEqualTo("vela");
        assertThat(json.get("standalone").asBoolean()).isTrue();
        assertThat(json.get("inFlight").asText()).isEqualTo("replay");
        assertThat(json.get("dimensions")).extracting(JsonNode::asText).containsExactly("chunking", "schemas");
        JsonNode fault = json.get("faults").get(0);
        assertThat(fault.get("fault").asText()).isEqualTo("tcp-cut");
        assertThat(fault.get("firstStoredAfterMillis").asLong()).isEqualTo(1_200);
        assertThat(fault.get("withoutReceipt").asLong()).isEqualTo(5);
        assertThat(fault.get("slowestMillis").asLong()).isEqualTo(2_300);
        assertThat(fault.get("fullSpeedAfterMillis").isNull()).isTrue();
        assertThat(json.get("vitals").get(1).get("heapBytes").asLong()).isEqualTo(41_000_000);
        assertThat(json.get("vitals").get(1).get("atMillis").asLong()).isEqualTo(21_000);
        assertThat(json.get("causes").get("UNKNOWN SendTimeoutException").asLong())
                .isEqualTo(4);
    }

    @Test
    void textEndsInTheVerdictAndTheCommandThatSeesItAgain() {
        assertThat(text(CLEAN))
                .contains("tcp-cut", "2.3 s", "1.2 s", "not seen")
                .contains("at 20.0 s         41.0 MB     8.0 MB   215.0 MB       32     96")
                .contains("sent 10 = stored 4 + failed 2 + unknown 4 (1 of them stored)")
                .contains("duplicated 3 (allowed: no deduplication, or chunks)")
                .contains("verdict: clean")
                .endsWith("vela chaos --seed 7 --minutes 0.5 --subject vela --batching on --deduplication off"
                        + " --producers 2 --in-flight replay --rate 500 --with chunking,schemas --standalone --faults tcp-cut"
                        + System.lineSeparator());
    }

    @Test
    void textNamesTheViolations() {
        assertThat(text(LOSSY)).contains("lost 1,", "  lost: it", "verdict: NOT CLEAN");
    }

    @Test
    void aLineHasTheCountsAndWhereToLook() {
        Campaign.Result clean = new Campaign.Result(PLAN, findings(CLEAN), Duration.ofSeconds(44), null);
        Campaign.Result lossy = new Campaign.Result(PLAN, findings(LOSSY), Duration.ofSeconds(44), Path.of("kept"));

        assertThat(LineReport.of(clean))
                .isEqualTo(
                        "seed 7 clean: vela, batching on, deduplication off, 2 producers, replay, with chunking,schemas, standalone: sent 10 ="
                                + " stored 4 + failed 2 + unknown 4; lost 0, dropped 5, duplicated 3, out of order 0, unanswered 0, leaked 0,"
                                + " dishonest 0, abandoned 0, usurped 0, torn 0; 1 faults, 44 s");
        assertThat(LineReport.of(lossy))
                .startsWith("seed 7 NOT CLEAN: vela")
                .contains("; lost 1,")
                .endsWith("; see kept");
    }

    @Test
    void aLineNamesTheFaultsThatWereNotDone() {
        assertThat(LineReport.of(new Campaign.Result(PLAN, notDone(), Duration.ofSeconds(44), null)))
                .endsWith("; not done: tcp-cut");
    }

    @Test
    void aRowSaysHowSoonMessagesWereStoredAgain() {
        Campaign.Result clean = new Campaign.Result(PLAN, findings(CLEAN), Duration.ofSeconds(44), null);
        Campaign.Result lossy = new Campaign.Result(PLAN, findings(LOSSY), Duration.ofSeconds(44), Path.of("kept"));

        assertThat(AloneReport.of(clean)).matches("tcp-cut +2\\.5 s +5 +2\\.3 s +1\\.2 s +not seen +clean");
        assertThat(AloneReport.of(lossy)).endsWith("NOT CLEAN, see kept");
        assertThat(AloneReport.of(clean).indexOf("clean"))
                .isEqualTo(AloneReport.header().indexOf("verdict"));
    }

    @Test
    void aRowSaysWhatWasNotDone() {
        assertThat(AloneReport.of(new Campaign.Result(PLAN, notDone(), Duration.ofSeconds(44), null)))
                .contains("not done: refused");
    }

    @Test
    void aRunWithoutVerdictIsAnObject() throws Exception {
        JsonNode json = new ObjectMapper().readTree(JsonReport.ofFailure(7, new IllegalStateException("why")));

        assertThat(json.get("seed").asLong()).isEqualTo(7);
        assertThat(json.get("failure").asText()).isEqualTo("java.lang.IllegalStateException: why");
    }
}
