package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The page beside a run. */
@Tag("full")
class ChaosViewIT {

    private static final Duration SOON = Duration.ofMinutes(4);
    private static final String WATCH = "watch it at ";

    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<String> addresses = new LinkedBlockingQueue<>();

    /** Hears of the address. */
    private final class Progress extends PrintWriter {
        Progress() {
            super(new StringWriter());
        }

        @Override
        public void println(String line) {
            super.println(line);
            if (line.startsWith(WATCH)) {
                addresses.add(line.substring(WATCH.length()));
            }
        }
    }

    @Test
    void showsTheProducersAndTheFaults() throws Exception {
        CommandLine command = new CommandLine(new ChaosCommand(UnaryOperator.identity()))
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new Progress());
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> command.execute(
                "--view", "--standalone", "--seed=1", "--minutes=0.5", "--rate=200", "--json", "--faults=tcp-cut"));
        URI address = URI.create(addresses.poll(SOON.toSeconds(), TimeUnit.SECONDS));

        await().atMost(SOON).untilAsserted(() -> {
            JsonNode page = report(address);
            assertThat(page.at("/source").asText()).isEqualTo("the application of vela chaos");
            assertThat(page.at("/reports/0/snapshot/topics")).isNotEmpty();
            assertThat(page.at("/marks")).anySatisfy(mark -> {
                assertThat(mark.at("/label").asText()).isEqualTo("tcp-cut");
                assertThat(mark.has("end")).isTrue();
            });
        });

        assertThat(status).succeedsWithin(SOON).isEqualTo(0);
    }

    private JsonNode report(URI address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("report")).build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }
}
