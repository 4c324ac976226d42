package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A runtime image that has what the Java SE platform has, and no more: what a JRE is. */
class BareRuntimeIT {
    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void connectsAndSendsWithoutTheModulesThatOnlyAJdkHas() throws Exception {
        String topic = Broker.freshTopic("bare");

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
                .directory(new File(System.getProperty("java.io.tmpdir")))
                .start();
        String said = new String(application.getInputStream().readAllBytes(), UTF_8);

        assertThat(said).contains("done 19");
        assertThat(application.waitFor()).isZero();
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .startsWith("v0")
                .hasSize(20);
    }
}
