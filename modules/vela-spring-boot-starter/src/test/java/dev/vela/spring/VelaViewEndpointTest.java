package dev.vela.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Vela;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** What the endpoint answers without a web server; LiveViewIT has one. */
class VelaViewEndpointTest {
    private static final String TRICKY = "\"restartAllowed\":true";

    private static PulsarClient client;
    private static Vela orders;
    private static Vela audit;
    private static VelaRuntimes runtimes;

    @BeforeAll
    static void build() throws Exception {
        client = PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
        orders = Vela.builder().client(client).name("orders").jmx(false).build();
        audit = Vela.builder().client(client).name(TRICKY).jmx(false).build();
        runtimes = VelaRuntimesTest.runtimes(Map.of());
        runtimes.add("audit", audit);
        runtimes.add("orders", orders);
    }

    @AfterAll
    static void close() throws Exception {
        orders.close();
        audit.close();
        client.shutdown();
    }

    private static VelaViewEndpoint endpoint(boolean isWritable) {
        return new VelaViewEndpoint(runtimes, "a \"quoted\" name", isWritable);
    }

    @Test
    void thereIsAReportOfEachRuntime() {
        String report = text(endpoint(true).report("report", null));

        assertThat(report)
                .startsWith("{\"source\":\"a \\\"quoted\\\" name\",\"time\":\"20")
                .contains("\"reports\":[{\"format\":1,", "},{\"format\":1,", "\"runtime\":\"orders\"")
                .endsWith("],\"marks\":[]}");
        assertThat(instances(report)).doesNotHaveDuplicates().hasSize(2);
        assertThat(report.split(TRICKY, -1)).hasSize(3);
    }

    @Test
    void readOnlyAccessForbidsRestartsInEachReport() {
        String report = text(endpoint(false).report("report", null));

        assertThat(report.split("[^\\\\]\"restartAllowed\":false", -1)).hasSize(3);
        assertThat(report).doesNotContain(",\"restartAllowed\":true");
        assertThat(report).contains("\"runtime\":\"\\\"restartAllowed\\\":true\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x:", ":1", "x:-1", "x:1,", "x:1;y:2", "x:9999999999999999999"})
    void anotherFormOfAfterIsRefused(String after) {
        WebEndpointResponse<byte[]> response = endpoint(true).report("report", after);

        assertThat(response.getStatus()).isEqualTo(400);
        assertThat(text(response)).isEqualTo("after must be INSTANCE:NUMBER,…, was " + after);
    }

    @Test
    void aRestartNeedsARuntimeAndAName() {
        var unused = orders.newProducerGroup(Schema.BYTES).topic("orders").startAsync();
        VelaViewEndpoint endpoint = endpoint(true);
        String instance = instances(text(endpoint.report("report", null))).get(1);

        assertThat(endpoint.restart("restart", instance, "orders").getStatus()).isEqualTo(204);
        WebEndpointResponse<byte[]> unknown = endpoint.restart("restart", instance, "nobody");
        assertThat(unknown.getStatus()).isEqualTo(400);
        assertThat(text(unknown)).contains("nobody");
        assertThat(endpoint.restart("restart", "elsewhere", "orders").getStatus())
                .isEqualTo(400);
        assertThat(endpoint.restart("stop", instance, "orders").getStatus()).isEqualTo(404);
    }

    private static List<String> instances(String report) {
        return Pattern.compile("\"instance\":\"([^\"]+)\"")
                .matcher(report)
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static String text(WebEndpointResponse<byte[]> response) {
        return new String(response.getBody(), StandardCharsets.UTF_8);
    }
}
