package dev.vela.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class ReportTest {
    @Test
    void tellsMachinesEveryRatioAndEveryRound() throws Exception {
        JsonNode json = new ObjectMapper().readTree(JsonReport.of(Samples.MACHINE, Samples.PLAN, Samples.results()));

        assertThat(json.get("ratios").fieldNames())
                .toIterable()
                .containsExactly(Arrays.stream(Ratio.values()).map(Ratio::label).toArray(String[]::new));
        assertThat(json.get("ratios").get("nonPersistent1").doubleValue()).isEqualTo(2);
        assertThat(json.get("keys").get("nonPersistent1").toString())
                .isEqualTo("{\"scenario\":\"nonPersistent1\",\"figure\":\"messagesPerSecond\",\"of\":\"vela\","
                        + "\"over\":\"official\",\"median\":2.0,\"least\":2.0,\"greatest\":2.0,\"atLeast\":4.5,"
                        + "\"met\":false}");
        assertThat(json.get("keys").get("latencyIdle").get("atMost").doubleValue())
                .isEqualTo(1.05);
        assertThat(json.get("machine").get("cores").intValue()).isEqualTo(2);
        assertThat(json.get("plan").get("rounds").intValue()).isEqualTo(3);
        JsonNode rounds = json.get("scenarios").get("latency50k").get("rounds").get("vela");
        assertThat(rounds).hasSize(3);
        assertThat(rounds.get(1).get("latencyP99Micros").doubleValue()).isEqualTo(1_000);
    }

    @Test
    void tellsPeopleWhatWasMetAndWhatWasMissed() {
        StringWriter text = new StringWriter();

        TextReport.print(Samples.MACHINE, Samples.PLAN, Samples.results(), new PrintWriter(text));

        assertThat(text.toString())
                .containsPattern("nonPersistent1 +2\\.000 +\\(2\\.00 to 2\\.00\\) +>= 4\\.5 +MISSED +throughput")
                .containsPattern("latencyIdle +0\\.500 .* <= 1\\.05 +met ")
                .containsPattern("latency50k +vela .* 1,000 +1,000\n");
    }

    @Test
    void drawsWhatWasMeasured(@TempDir Path folder) throws Exception {
        Charts.write(Samples.PLAN, Samples.results(), folder);

        assertThat(svg(folder.resolve("ratios.svg"))
                        .getElementsByTagName("path")
                        .getLength())
                .isPositive();
        assertThat(svg(folder.resolve("throughput.svg"))
                        .getElementsByTagName("path")
                        .getLength())
                .isPositive();
    }

    @Test
    void drawsNoThroughputWhereNoneWasMeasured(@TempDir Path folder) throws Exception {
        Results results = new Results();
        Samples.results()
                .of(Scenario.LATENCY_IDLE, Subject.VELA)
                .forEach(round -> Scenario.LATENCY_IDLE
                        .subjects()
                        .forEach(subject -> results.add(Scenario.LATENCY_IDLE, subject, round)));
        Plan plan = new Plan(EnumSet.of(Ratio.LATENCY_IDLE), 3, 1, Samples.PLAN.length(), 1_000);

        Charts.write(plan, results, folder);

        assertThat(folder).isDirectoryContaining("glob:**/ratios.svg");
        assertThat(folder).isDirectoryNotContaining("glob:**/throughput.svg");
    }

    private static Element svg(Path file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        // Its document type is on the web.
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Element root = factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
        assertThat(root.getTagName()).isEqualTo("svg");
        return root;
    }
}
