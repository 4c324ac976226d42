package dev.vela.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What this build has made of the release. */
final class Release {

    static final String VERSION = System.getProperty("vela.version");
    static final Path ROOT = Path.of(System.getProperty("vela.root"));
    static final Path STAGING = ROOT.resolve("target/staging");

    private Release() {}

    /** Returns the staged modules. */
    static List<Module> modules() {
        try (Stream<Path> folders = Files.list(STAGING.resolve("dev/vela"))) {
            return folders.map(folder -> folder.resolve(VERSION))
                    .map(Module::of)
                    .sorted((one, other) -> one.name().compareTo(other.name()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STAGING, e);
        }
    }

    /**
     * A staged module.
     *
     * @param base how the names of its files begin: a snapshot has a time in the place of {@code SNAPSHOT}
     */
    record Module(String name, Path folder, String base) {

        static Module of(Path folder) {
            try (Stream<Path> files = Files.list(folder)) {
                String pom = files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(".pom"))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(folder + " has no pom"));
                return new Module(
                        String.valueOf(folder.getParent().getFileName()),
                        folder,
                        pom.substring(0, pom.length() - ".pom".length()));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + folder, e);
            }
        }

        Path file(String end) {
            return folder.resolve(base + end);
        }

        Pom pom() {
            return Pom.read(file(".pom"));
        }

        /** Returns all files but checksums and the repository's own. */
        List<Path> files() {
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> !file.toString().endsWith(".md5")
                                && !file.toString().endsWith(".sha1")
                                && !file.getFileName().toString().startsWith("maven-metadata"))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + folder, e);
            }
        }

        boolean isJar() {
            return !pom().text("packaging").equals("pom");
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
