package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServerJarsTest {

    @Test
    void listsTheJarsOfTheEmbeddedServer() {
        try (ServerFolder folder = ServerFolder.open(null)) {
            List<ServerJars.Jar> jars = ServerJars.of(folder.unpackServer()).jars();

            assertThat(jars).hasSizeGreaterThan(300);
            assertThat(jars)
                    .allSatisfy(jar -> assertThat(jar.sha256()).matches("[0-9a-f]{64}"))
                    .allSatisfy(jar -> assertThat(jar.path()).matches("[^/].*/[^/]+\\.jar"))
                    .anySatisfy(jar -> assertThat(jar.path()).startsWith("org/apache/pulsar/pulsar-broker/"))
                    .noneSatisfy(jar -> assertThat(jar.path()).startsWith("dev/vela/"));
        }
    }

    @Test
    void keepsTheServersClassesAwayFromOurs() {
        assertThat(System.getProperty("java.class.path")).doesNotContain("pulsar-broker", "managed-ledger");
    }
}
