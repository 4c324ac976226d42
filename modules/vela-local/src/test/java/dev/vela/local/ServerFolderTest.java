package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerFolderTest {

    @Test
    void deletesATemporaryFolderWithAllThatIsInIt() throws IOException {
        ServerFolder folder = ServerFolder.open(null);
        Files.createDirectories(folder.path().resolve("a/b"));
        Files.writeString(folder.path().resolve("a/b/c"), "data");

        folder.close();

        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void doesNotMindWhenAnotherDeletesATemporaryFolderFirst() throws IOException {
        ServerFolder folder = ServerFolder.open(null);
        Files.delete(folder.path().resolve("lock"));
        Files.delete(folder.path());

        folder.close();

        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void keepsANamedFolder(@TempDir Path parent) throws IOException {
        Path path = parent.resolve("new");
        ServerFolder folder = ServerFolder.open(path);
        Files.writeString(path.resolve("data"), "data");

        folder.close();

        assertThat(path.resolve("data")).hasContent("data");
    }

    @Test
    void isForOneAtATime(@TempDir Path path) {
        try (ServerFolder first = ServerFolder.open(path)) {
            assertThat(first.isTemporary()).isFalse();
            assertThatThrownBy(() -> ServerFolder.open(path))
                    .isInstanceOf(LocalPulsarException.class)
                    .hasMessage("folder " + path + " is in use by another local Pulsar");
        }
        ServerFolder.open(path).close();
    }

    @Test
    void remembersItsPorts(@TempDir Path path) {
        Ports ports = new Ports(List.of(10_001, 10_002));
        try (ServerFolder folder = ServerFolder.open(path)) {
            assertThat(folder.hasPorts()).isFalse();
            folder.keepPorts(ports);
        }
        try (ServerFolder folder = ServerFolder.open(path)) {
            assertThat(folder.hasPorts()).isTrue();
            assertThat(folder.ports(2)).isEqualTo(ports);
        }
    }

    @Test
    void hasPartsThatGoAwayWithIt() throws IOException {
        ServerFolder folder = ServerFolder.open(null);
        ServerFolder part = folder.part("broker-0");
        part.keepPorts(new Ports(List.of(10_001)));

        assertThat(folder.part("broker-0").hasPorts()).isTrue();
        assertThat(folder.hasPorts()).isFalse();
        part.close();
        assertThat(part.path()).isDirectory();
        folder.close();
        assertThat(part.path()).doesNotExist();
    }

    @Test
    void tellsTheLastLinesOfALongLog(@TempDir Path path) throws IOException {
        try (ServerFolder folder = ServerFolder.open(path)) {
            assertThat(folder.logTail()).isEmpty();
            Files.writeString(
                    folder.log(),
                    IntStream.range(0, 20_000).mapToObj(i -> "line " + i).collect(Collectors.joining("\n")));

            assertThat(folder.logTail().lines()).hasSize(60).contains("line 19940", "line 19999");
        }
    }

    @Test
    void emptiesItsScratchFolder(@TempDir Path path) throws IOException {
        try (ServerFolder folder = ServerFolder.open(path)) {
            Files.writeString(folder.emptyScratch().resolve("library.so"), "left behind");

            assertThat(folder.emptyScratch()).isEmptyDirectory();
        }
    }
}
