package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each snippet of code in the documentation is part of a source file that the build compiles. */
class SnippetsTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern SNIPPET =
            Pattern.compile("^```(?:java|kotlin)\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final List<String> SOURCES = sources();

    static Stream<Path> documents() throws IOException {
        return Stream.concat(
                Stream.of("README.md", "CONTRIBUTING.md", "samples/spring-boot/README.md")
                        .map(ROOT::resolve),
                files("docs", ".md"));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void eachSnippetIsCompiled(Path document) throws IOException {
        assertThat(snippets(document))
                .filteredOn(snippet -> SOURCES.stream().noneMatch(source -> source.contains(snippet)))
                .isEmpty();
    }

    @Test
    void thereAreSnippets() throws IOException {
        assertThat(snippets(ROOT.resolve("README.md"))).hasSizeGreaterThan(5);
    }

    private static List<String> snippets(Path document) throws IOException {
        return SNIPPET.matcher(Files.readString(document))
                .results()
                .map(match -> stripped(match.group(1)))
                .toList();
    }

    private static List<String> sources() {
        return Stream.of(
                        "modules/vela-guide/src/test",
                        "modules/vela-test/src/test/java/dev/vela/test/documented",
                        "modules/vela-frameworks-it/src/test",
                        "modules/vela-smallrye/src/test",
                        "modules/vela-spring-boot-it/src/test",
                        "samples")
                .filter(folder -> Files.isDirectory(ROOT.resolve(folder)))
                .flatMap(folder -> Stream.concat(files(folder, ".java"), files(folder, ".kt")))
                .map(SnippetsTest::read)
                .map(SnippetsTest::stripped)
                .toList();
    }

    private static Stream<Path> files(String folder, String suffix) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without indentation and empty lines. */
    private static String stripped(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}
