package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandTest {

    @Test
    void aCommandIsALineOfABlockOrCodeWithinAText() {
        String document = """
                Run `./vela top 4711`, not `vela top`, with `samples/orders.ndjson`:

                ```
                ./vela bench     # half an hour
                java -version
                ```
                ```sh
                ./vela produce --topic orders \\
                    samples/orders.ndjson
                ```
                ```text
                ./vela local
                ```
                """;

        assertThat(Command.of(document).stream().map(Command::text))
                .containsExactly(
                        "./vela bench", "./vela produce --topic orders samples/orders.ndjson", "./vela top 4711");
    }
}
