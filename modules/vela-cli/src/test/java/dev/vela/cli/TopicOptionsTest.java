package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class TopicOptionsTest {

    @Command
    private static final class Holder {
        @Mixin
        private final TopicOptions topic = new TopicOptions();
    }

    private static TopicOptions parsed(String... args) {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(args);
        return holder.topic;
    }

    @Test
    void waitsForTheClusterAsLongAsForAMessageIfThatIsSaid() {
        TopicOptions topic = parsed("-t", "o", "--timeout", "2s");

        assertThat(topic.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(topic.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void waitsForTheClusterForLessByDefault() {
        TopicOptions topic = parsed("-t", "o");

        assertThat(topic.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(topic.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    }
}
