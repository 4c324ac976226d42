package dev.vela.test.documented;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows of Java is part of the tests here, and so compiles and runs. */
class TestingDocumentTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void eachSnippetIsPartOfATest() throws IOException {
        String document = Files.readString(Path.of(System.getProperty("vela.docs"), "testing.md"));
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/vela/test/documented"))) {
            for (Path file : files.toList()) {
                sources.add(stripped(Files.readString(file)));
            }
        }
        Matcher blocks = BLOCK.matcher(document);
        int found = 0;
        while (blocks.find()) {
            String block = stripped(blocks.group(1));
            assertThat(sources).as(block).anyMatch(source -> source.contains(block));
            found++;
        }
        assertThat(found).isGreaterThanOrEqualTo(6);
    }

    /** Without indentation and empty lines. */
    private static String stripped(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}
