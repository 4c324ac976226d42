package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application is killed, and goes on where it was: each message is stored once, in order. */
class ResumeIT {
    private final String namespace = Broker.freshNamespace("resume");
    private final String topic = "persistent://" + namespace + "/numbers";

    ResumeIT() {
        Broker.admin().setDeduplication(namespace, true);
        Broker.admin().createTopic(topic);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void anApplicationThatIsKilledGoesOnAfterTheLastSequenceIdThatItIsTold(boolean batching) throws Exception {
        // Given an application that is killed while it sends
        for (int life = 0; life < 3; life++) {
            Process application = start(batching, Integer.MAX_VALUE / 2);
            try (BufferedReader said = application.inputReader(UTF_8)) {
                assertThat(until("sent 300", said)).isEqualTo("sent 300");
                application.destroyForcibly();
            }
            assertThat(application.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }

        // When it is started once more, and comes to its end
        Process application = start(batching, 500);
        String done;
        try (BufferedReader said = application.inputReader(UTF_8)) {
            done = until("done ", said);
        }
        assertThat(application.waitFor(1, TimeUnit.MINUTES)).isTrue();

        // Then
        long last = Long.parseLong(done.substring("done ".length()));
        assertThat(last).isGreaterThanOrEqualTo(3 * 300 + 500 - 1);
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(0, last).mapToObj(i -> "v" + i).toList());
    }

    private Process start(boolean batching, int count) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                NumberingApplication.class.getName(),
                Broker.url(),
                topic,
                Boolean.toString(batching),
                Integer.toString(count)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(new File(System.getProperty("java.io.tmpdir")))
                .start();
    }

    /** Reads on until a line that begins so. It must not say that anything failed. */
    private static String until(String beginning, BufferedReader said) throws Exception {
        String line = said.readLine();
        List<String> before = new ArrayList<>();
        while (line != null && !line.startsWith(beginning)) {
            assertThat(line).doesNotStartWith("failed");
            before.add(line);
            line = said.readLine();
        }
        assertThat(line).as("after %s", before).isNotNull();
        return line;
    }
}
