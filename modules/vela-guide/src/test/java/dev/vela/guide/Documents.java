package dev.vela.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The documents of the repository, and its other files. */
final class Documents {
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    private Documents() {}

    /** Everything that is documentation. */
    static List<Path> all() {
        return Stream.of(
                        Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                                .map(ROOT::resolve),
                        files("docs", ".md"),
                        files("samples", "README.md"))
                .flatMap(files -> files)
                .toList();
    }

    /** The files under a folder of the repository whose names end like this, without what a build makes. */
    static Stream<Path> files(String folder, String suffix) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files
                    .filter(file -> file.toString().endsWith(suffix))
                    .filter(file -> !ROOT.relativize(file).toString().contains("target/"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path of a file from the root of the repository on. */
    static String name(Path file) {
        return ROOT.relativize(file).toString();
    }
}
