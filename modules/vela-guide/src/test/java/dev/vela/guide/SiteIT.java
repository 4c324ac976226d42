package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each link within the site has a target. */
class SiteIT {
    private static final Path SITE = Path.of("target/site");
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"(?!https?:|mailto:)([^\"#]*)(?:#([^\"]+))?\"");
    private static final Pattern ID = Pattern.compile("id=\"([^\"]+)\"");

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(SITE)) {
            return files.filter(file -> file.toString().endsWith(".html")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void eachLinkHasATarget(Path page) throws IOException {
        List<String> broken = LINK.matcher(Files.readString(page))
                .results()
                .filter(link -> !hasTarget(page, link))
                .map(MatchResult::group)
                .distinct()
                .toList();

        assertThat(broken).isEmpty();
    }

    @Test
    void theChaptersAreThere() throws IOException {
        assertThat(pages().map(page -> SITE.relativize(page).toString().replace('\\', '/')))
                .contains("index.html", "README.html", "docs/guide/01-start.html", "docs/configuration.html");
    }

    private static boolean hasTarget(Path page, MatchResult link) {
        Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
        if (!Files.isRegularFile(target)) {
            return false;
        }
        return link.group(2) == null || hasHeading(target, link.group(2));
    }

    /** Whether a page has an id, or a heading of this name: the script in site.xml finds those as this does. */
    private static boolean hasHeading(Path page, String name) {
        try {
            return ID.matcher(Files.readString(page))
                    .results()
                    .map(id -> id.group(1))
                    .anyMatch(id -> id.equals(name) || slug(id).equals(name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The name that GitHub gives a heading: "The_client.27s_limit" is "the-clients-limit" there. */
    private static String slug(String id) {
        return id.replaceAll("\\.[0-9A-F]{2}", "").toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
