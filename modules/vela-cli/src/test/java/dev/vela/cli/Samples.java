package dev.vela.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the repository's samples are, whatever directory the tests run in. */
final class Samples {

    private Samples() {}

    static Path folder() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("samples"))) {
            folder = folder.getParent();
        }
        return folder.resolve("samples");
    }
}
