package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each snippet of code in the documentation is, white space and comments aside, part of a source file that the build
 * compiles.
 */
class SnippetsTest {
    private static final Pattern SNIPPET =
            Pattern.compile("^```(?:java|kotlin)\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern COMMENT_OR_LITERAL =
            Pattern.compile("(\"(?:\\\\.|[^\"\\\\])*+\"|'(?:\\\\.|[^'\\\\])*+')|//[^\n]*+|/\\*.*?\\*/", Pattern.DOTALL);
    private static final List<String> SOURCES = sources();

    static Stream<Path> documents() {
        return Documents.all().stream();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void eachSnippetIsCompiled(Path document) {
        assertThat(snippets(document)).noneMatch(snippet -> code(snippet).isEmpty());
        assertThat(snippets(document))
                .filteredOn(snippet -> SOURCES.stream().noneMatch(source -> source.contains(code(snippet))))
                .isEmpty();
    }

    @Test
    void whatIsInACommentIsNoCode() {
        assertThat(code("send(\"pulsar://a\"); // stop();\n/* close(); */ flush();"))
                .isEqualTo("send(\"pulsar://a\");flush();");
    }

    @Test
    void thereAreSnippets() {
        assertThat(snippets(Documents.ROOT.resolve("README.md"))).hasSizeGreaterThan(5);
    }

    private static List<String> snippets(Path document) {
        return SNIPPET.matcher(Documents.read(document))
                .results()
                .map(match -> match.group(1))
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
                .filter(folder -> Files.isDirectory(Documents.ROOT.resolve(folder)))
                .flatMap(folder -> Stream.concat(Documents.files(folder, ".java"), Documents.files(folder, ".kt")))
                .map(Documents::read)
                .map(SnippetsTest::code)
                .toList();
    }

    /** Where lines end, and what is said about them, is up to the document. */
    private static String code(String text) {
        return COMMENT_OR_LITERAL
                .matcher(text)
                .replaceAll(match -> match.group(1) == null ? "" : Matcher.quoteReplacement(match.group(1)))
                .replaceAll("\\s+", "");
    }
}
