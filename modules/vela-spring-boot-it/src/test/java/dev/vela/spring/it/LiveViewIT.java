package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vela.view.TopCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.pulsar.core.PulsarClientBuilderCustomizer;
import picocli.CommandLine;

/** The page of the actuator, and what it reads and does. */
class LiveViewIT {
    private static final String EXPOSED = "management.endpoints.web.exposure.include=health,vela,velaview";
    private static final String VIEW = "/actuator/velaview";

    private static Application application;

    @BeforeAll
    static void run() {
        application = Application.run(EXPOSED, "spring.application.name=Käse \"und\" Brot");
    }

    @AfterAll
    static void close() {
        application.close();
    }

    @Test
    void thePageHasItsTypeAndAllowsNothingButItself() throws Exception {
        assertPage(application, VIEW);
    }

    @Test
    void theReportHasTheCountersOfAllProducersAndTheEventsSince() throws Exception {
        // Given
        String topic = Broker.freshTopic("live");
        for (int i = 0; i < 3; i++) {
            application.<String>template().send(topic, "order");
        }

        // When
        HttpResponse<String> response = application.get(VIEW + "/report");
        JsonNode view = json(response);

        // Then
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(view.at("/source").asText()).isEqualTo("Käse \"und\" Brot");
        assertThat(view.at("/reports")).hasSize(1);
        JsonNode report = view.at("/reports/0");
        assertThat(report.at("/runtime").asText()).isEqualTo("pulsarClient");
        assertThat(report.at("/restartAllowed").asBoolean()).isTrue();
        JsonNode producer = producer(application, topic);
        assertThat(producer.at("/state").asText()).isEqualTo("READY");
        assertThat(producer.at("/groups/0/stored").asLong()).isEqualTo(3);
        assertThat(producer.at("/groups/0/producers/0/state").asText()).isEqualTo("READY");
        assertThat(report.at("/events"))
                .anyMatch(event -> event.at("/name").asText().equals(topic));

        // When
        long last = report.at("/lastEvent").asLong();
        String after = "?after=unknown:1," + report.at("/instance").asText() + ":" + last;
        JsonNode later = json(application.get(VIEW + "/report" + after));

        // Then
        assertThat(later.at("/reports/0/events"))
                .allMatch(event -> event.at("/number").asLong() > last);
    }

    @Test
    void topReadsTheActuator() throws Exception {
        String topic = Broker.freshTopic("top");
        application.<String>template().send(topic, "order");
        StringWriter out = new StringWriter();

        int status = new CommandLine(new TopCommand(UnaryOperator.identity()))
                .setOut(new PrintWriter(out))
                .execute("--once", "--interval=0.1", "--url=" + application.url(VIEW));

        assertThat(status).isZero();
        assertThat(out.toString()).contains("/actuator/velaview").containsPattern("(?m)^top-\\d+ +\\+ READY");
    }

    @Test
    void aFencedProducerIsRestarted() throws Exception {
        String topic = Broker.freshTopic("fenced");
        try (Application exclusive = Application.run(
                EXPOSED,
                "spring.pulsar.producer.access-mode=exclusive-with-fencing",
                "spring.pulsar.producer.cache.expire-after-access=10m")) {
            exclusive.<String>template().send(topic, "order");
            try (Producer<byte[]> rival = Broker.client()
                    .newProducer()
                    .topic(topic)
                    .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                    .create()) {
                rival.send(new byte[0]);
                assertThat(exclusive.<String>template().sendAsync(topic, "fenced"))
                        .failsWithin(Duration.ofMinutes(1));
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> producer(exclusive, topic)
                                .at("/groups/0/producers/0/state")
                                .asText()
                                .equals("FENCED"));
            }

            HttpResponse<String> restart = restart(exclusive, instance(exclusive), topic);

            assertThat(restart.statusCode()).as(restart.body()).isEqualTo(204);
            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            producer(exclusive, topic).at("/state").asText().equals("READY"));
            exclusive.<String>template().send(topic, "again");
        }
    }

    @Test
    void whatIsNotKnownIsRefusedWithTheReason() throws Exception {
        HttpResponse<String> name = restart(application, instance(application), "nobody");
        assertThat(name.statusCode()).isEqualTo(400);
        assertThat(name.body()).startsWith("name must be").contains("nobody");
        assertThat(name.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");

        HttpResponse<String> instance = restart(application, "elsewhere", "orders");
        assertThat(instance.statusCode()).isEqualTo(400);
        assertThat(instance.body()).isEqualTo("instance must be that of a runtime of this application, was elsewhere");

        HttpResponse<String> after = application.get(VIEW + "/report?after=x");
        assertThat(after.statusCode()).isEqualTo(400);
        assertThat(after.body()).isEqualTo("after must be INSTANCE:NUMBER,…, was x");

        assertThat(application.get(VIEW + "/else").statusCode()).isEqualTo(404);
        assertThat(application
                        .post(VIEW + "/else", "{\"instance\":\"a\",\"name\":\"b\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(application.post(VIEW + "/restart", "{}").statusCode()).isEqualTo(400);
    }

    /** What a form of another site can send without being asked for leave. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data;boundary=a"})
    void aFormRestartsNothing(String type) throws Exception {
        String body = "{\"instance\":\"" + instance(application) + "\",\"name\":\"nobody\"}";

        assertThat(application.post(VIEW + "/restart", type, body).statusCode()).isEqualTo(415);
    }

    @Test
    void aRuntimeThatForbidsRestartsSaysSo() throws Exception {
        try (Application strict = Application.run(EXPOSED, "vela.remote-restart=false")) {
            String topic = Broker.freshTopic("strict");
            strict.<String>template().send(topic, "order");

            JsonNode report = json(strict.get(VIEW + "/report")).at("/reports/0");
            assertThat(report.at("/restartAllowed").asBoolean(true)).isFalse();
            HttpResponse<String> restart =
                    restart(strict, report.at("/instance").asText(), topic);
            assertThat(restart.statusCode()).isEqualTo(409);
            assertThat(restart.body()).contains("restart");
        }
    }

    @Test
    void itIsNotExposedUnlessTheApplicationSaysSo() throws Exception {
        try (Application silent = Application.run()) {
            assertThat(silent.get(VIEW).statusCode()).isEqualTo(404);
            assertThat(silent.get(VIEW + "/report").statusCode()).isEqualTo(404);
        }
    }

    /** On a port and under a path of its own, in both of Spring's kinds of web application. */
    @ParameterizedTest
    @ValueSource(strings = {"servlet", "reactive"})
    void readOnlyAccessShowsAndRestartsNothing(String kind) throws Exception {
        try (Application readOnly = Application.run(
                EXPOSED,
                "spring.main.web-application-type=" + kind,
                "management.server.port=0",
                "management.endpoints.web.base-path=/ops",
                "management.endpoints.web.path-mapping.velaview=producers",
                "management.endpoint.velaview.access=read-only")) {
            String topic = Broker.freshTopic("read-only");
            readOnly.<String>template().send(topic, "order");

            assertPage(readOnly, "/ops/producers");
            JsonNode view = json(readOnly.get("/ops/producers/report"));
            assertThat(view.at("/reports/0/snapshot/topics/0/name").asText()).isEqualTo(topic);
            assertThat(view.at("/reports/0/restartAllowed").asBoolean(true)).isFalse();
            assertThat(readOnly.post("/ops/producers/restart", "{\"instance\":\"a\",\"name\":\"b\"}")
                            .statusCode())
                    .isEqualTo(405);
            assertThat(readOnly.get("/ops/producers/report?after=ä").statusCode())
                    .isEqualTo(400);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Secrets {
        @Bean
        PulsarClientBuilderCustomizer trust() {
            return builder -> builder.tlsTrustStorePassword("hunter2");
        }
    }

    @Test
    void nothingSecretIsShown() throws Exception {
        String token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJoZWlkaSJ9.c2lnbmF0dXJl";
        try (Application secretive = Application.run(
                Secrets.class,
                EXPOSED,
                "spring.pulsar.client.authentication.plugin-class-name="
                        + "org.apache.pulsar.client.impl.auth.AuthenticationToken",
                "spring.pulsar.client.authentication.param.token=" + token)) {
            String topic = Broker.freshTopic("secretive");
            secretive.<String>template().send(topic, "order");
            Broker.pulsar().admin().terminateTopic(topic);
            assertThat(secretive.<String>template().sendAsync(topic, "too late"))
                    .failsWithin(Duration.ofMinutes(1));
            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            producer(secretive, topic).at("/state").asText().equals("DOWN"));

            assertThat(secretive.get(VIEW + "/report").body())
                    .contains("TopicTerminatedException")
                    .doesNotContain(token, "hunter2");
        }
    }

    private static void assertPage(Application of, String path) throws Exception {
        HttpResponse<String> page = of.get(path);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow())
                .isEqualToIgnoringCase("text/html;charset=UTF-8");
        String policy = first("<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]+)\">", page.body());
        assertThat(policy)
                .contains("default-src 'none'", "connect-src 'self'")
                .contains("style-src " + hash(first("<style>([^<]*)</style>", page.body())))
                .contains("script-src " + hash(first("<script>(.*?)</script>", page.body())));
    }

    private static String first(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(result -> result.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + pattern + " in " + text));
    }

    private static String hash(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    private static String instance(Application of) throws Exception {
        return json(of.get(VIEW + "/report")).at("/reports/0/instance").asText();
    }

    private static JsonNode producer(Application of, String name) throws Exception {
        for (JsonNode topic : json(of.get(VIEW + "/report")).at("/reports/0/snapshot/topics")) {
            if (topic.at("/name").asText().equals(name)) {
                return topic;
            }
        }
        throw new AssertionError("no " + name);
    }

    private static HttpResponse<String> restart(Application of, String instance, String name) throws Exception {
        return of.post(VIEW + "/restart", "{\"instance\":\"" + instance + "\",\"name\":\"" + name + "\"}");
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }
}
