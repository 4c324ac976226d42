package dev.vela.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Vela;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Test;

/** What docs/observability.md shows compiles, and its tables name what the code uses. */
class DocumentedTracesTest {
    private static final Path DOCUMENT = Path.of("../../docs/observability.md");

    private static Vela documented(String serviceUrl, OpenTelemetry openTelemetry) throws PulsarClientException {
        Vela vela = Vela.builder()
                .serviceUrl(serviceUrl)
                .observer(VelaTracing.of(openTelemetry))
                .build();
        return vela;
    }

    @Test
    void theSnippetBuildsARuntime() throws Exception {
        try (Vela vela = documented("pulsar://localhost:6650", OpenTelemetry.noop())) {
            assertThat(vela.producers()).isEmpty();
        }
        assertThat(words(Files.readString(DOCUMENT)))
                .contains(words("Vela vela = Vela.builder() .serviceUrl(serviceUrl)"
                        + " .observer(VelaTracing.of(openTelemetry)) .build();"));
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", " ");
    }

    @Test
    void theTablesNameWhatASpanHas() throws IOException {
        String document = Files.readString(DOCUMENT);
        assertThat(document)
                .contains("`" + Names.SYSTEM + "`", "`" + Names.OPERATION_NAME + "`", "`" + Names.OPERATION_TYPE + "`")
                .contains("`" + Names.DESTINATION + "`", "`" + Names.PARTITION + "`", "`" + Names.MESSAGE_ID + "`")
                .contains("`" + Names.NAME + "`", "`" + Names.OUTCOME + "`", "`" + Names.ERROR + "`")
                .contains("`" + Names.PRODUCER + "`", "`" + Names.SEQUENCE_ID + "`", "`" + Names.ATTEMPT + "`")
                .contains("`" + Names.EXCEPTION + "`", "`" + Names.EXCEPTION_MESSAGE + "`")
                .contains("`vela.waiting`", "`vela.handed`", "`vela.producer.died`", "`vela.replayed`");
    }
}
