package dev.vela.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tables of docs/observability.md name what the code uses. */
class DocumentedTracesTest {
    private static final Path DOCUMENT = Path.of("../../docs/observability.md");

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
