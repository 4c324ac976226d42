package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each link from one document to another file, or to a heading, leads there. */
class LinksTest {
    private static final Pattern CODE = Pattern.compile("^```.*?^```|`[^`\n]*`", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern BLOCK = Pattern.compile("^```.*?^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+?) *$", Pattern.MULTILINE);

    static Stream<Path> documents() {
        return Documents.all().stream();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void eachLinkLeadsSomewhere(Path document) {
        assertThat(links(Documents.read(document)))
                .filteredOn(link -> !resolves(document, link))
                .isEmpty();
    }

    private static Stream<String> links(String text) {
        return LINK.matcher(CODE.matcher(text).replaceAll(""))
                .results()
                .map(match -> match.group(1))
                .filter(link -> !link.matches("(https?|mailto):.*"));
    }

    private static boolean resolves(Path document, String link) {
        String[] parts = link.split("#", 2);
        Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
        return Files.exists(file)
                && (parts.length == 1 || anchors(Documents.read(file)).contains(parts[1]));
    }

    /** The anchors that GitHub gives to the headings of a document. */
    private static List<String> anchors(String text) {
        Map<String, Integer> seen = new HashMap<>();
        List<String> anchors = new ArrayList<>();
        HEADING.matcher(BLOCK.matcher(text).replaceAll(""))
                .results()
                .map((MatchResult heading) -> anchor(heading.group(1)))
                .forEach(anchor -> {
                    int number = seen.merge(anchor, 1, Integer::sum) - 1;
                    anchors.add(number == 0 ? anchor : anchor + "-" + number);
                });
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\p{M} _-]", "")
                .replace(' ', '-');
    }

    @Test
    void anchorsAreThoseOfGitHub() {
        String text =
                "# A title\n\n## `send`, and *who* waits: 2.0?\n```\n# none\n```\n## [Keys](keys.md) – how\n## A title\n";

        assertThat(anchors(text)).containsExactly("a-title", "send-and-who-waits-20", "keys--how", "a-title-1");
    }

    @Test
    void aLinkThatLeadsNowhereIsFound() {
        Path readme = Documents.ROOT.resolve("README.md");

        assertThat(links("[a](docs/none.md) `[b](c)` [d](https://e) [f](#g)")).containsExactly("docs/none.md", "#g");
        assertThat(resolves(readme, "docs/none.md")).isFalse();
        assertThat(resolves(readme, "#no-such-heading")).isFalse();
        assertThat(resolves(readme, "docs/live.md")).isTrue();
    }
}
