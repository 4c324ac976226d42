package dev.vela.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The test methods that cannot pass with a supervised client, as the file {@code expected-differences.txt} lists them:
 * one per line, with the reason after the colon.
 */
final class ExpectedDifferences {
    private static final Map<String, String> REASONS = read();

    private ExpectedDifferences() {}

    /** The listed methods of a class. */
    static Set<String> of(String className) {
        String prefix = className.substring(className.lastIndexOf('.') + 1) + ".";
        return REASONS.keySet().stream()
                .filter(test -> test.startsWith(prefix))
                .map(test -> test.substring(prefix.length()))
                .collect(Collectors.toSet());
    }

    /** The table of all methods and reasons, in Markdown. */
    static String table() {
        return REASONS.entrySet().stream()
                .map(entry -> "| `" + entry.getKey() + "` | " + entry.getValue() + " |\n")
                .collect(Collectors.joining("", "| test | reason |\n| --- | --- |\n", ""));
    }

    private static Map<String, String> read() {
        Map<String, String> reasons = new LinkedHashMap<>();
        try (InputStream file = ExpectedDifferences.class.getResourceAsStream("/expected-differences.txt")) {
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(": ", 2))
                    .forEach(parts -> reasons.put(parts[0], parts[1]));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return reasons;
    }
}
