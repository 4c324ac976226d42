package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime image that has what the Java SE platform has, and no more: what a JRE is. */
class BareRuntimeIT {
    @Test
    void connectsAndSendsWithoutTheModulesThatOnlyAJdkHas(@TempDir Path folder) throws Exception {
        String topic = Broker.freshTopic("bare");

        Path said = folder.resolve("said");
        Process application = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "--limit-modules",
                        "java.se,jdk.unsupported",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        NumberingApplication.class.getName(),
                        Broker.url(),
                        topic,
                        "true",
                        "20"))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .directory(folder.toFile())
                .start();
        boolean ended = application.waitFor(2, TimeUnit.MINUTES); // what cannot start must not stay, either
        application.destroyForcibly();

        assertThat(said).content().contains("done 19");
        assertThat(ended).isTrue();
        assertThat(application.waitFor()).isZero();
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .startsWith("v0")
                .hasSize(20);
    }
}
