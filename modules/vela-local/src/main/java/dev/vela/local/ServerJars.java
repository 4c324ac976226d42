package dev.vela.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** The jars that the server needs, by their paths in a Maven repository. */
record ServerJars(List<Jar> jars) {

    private static final String LIST = "dev/vela/local/server/jars.txt";

    /**
     * One jar.
     *
     * @param sha256 hexadecimal, lower case
     * @param path relative to a Maven repository, with slashes
     */
    record Jar(String sha256, String path) {

        static Jar parse(String line) {
            int space = line.indexOf(' ');
            return new Jar(line.substring(0, space), line.substring(space + 1));
        }
    }

    /** Reads the list that the server's own jar carries. */
    static ServerJars of(Path serverJar) {
        try (JarFile jar = new JarFile(serverJar.toFile())) {
            ZipEntry entry = jar.getEntry(LIST);
            if (entry == null) {
                throw new LocalPulsarException(serverJar + " lacks the list " + LIST);
            }
            String lines = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
            return new ServerJars(lines.lines().map(Jar::parse).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + serverJar, e);
        }
    }

    /** Returns the jars in a local repository, after fetching missing jars from a remote repository. */
    List<Path> resolve(Path repository, URI remote, Consumer<String> progress) {
        List<Jar> missing = jars.stream()
                .filter(jar -> !Files.isRegularFile(repository.resolve(jar.path())))
                .toList();
        if (!missing.isEmpty()) {
            progress.accept("Fetching " + missing.size() + " of " + jars.size() + " jars of Pulsar from " + remote
                    + " into " + repository);
            new JarDownload(repository, remote).fetch(missing);
            progress.accept("Fetched " + missing.size() + " jars");
        }
        return jars.stream().map(jar -> repository.resolve(jar.path())).toList();
    }
}
