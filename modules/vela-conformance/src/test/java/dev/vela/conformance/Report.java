package dev.vela.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of outcomes and of expected differences, in Markdown: {@code target/conformance/tables.md}. */
final class Report {
    private static final Path DIRECTORY = Path.of("conformance"); // below target, where the tests run
    private static final String SUFFIX = ".row";

    private Report() {}

    /** Writes the row of a test class. */
    static void add(Comparison comparison) throws IOException {
        Files.createDirectories(DIRECTORY);
        Files.writeString(
                DIRECTORY.resolve(comparison.className() + SUFFIX),
                row(
                        comparison.className().replace("org.apache.", ""),
                        comparison.official().size(),
                        comparison.officialPasses(),
                        comparison.supervisedPasses(),
                        comparison.differencesBeside(Set.of()).size()));
    }

    /** Writes the tables. The first one has all rows, including those from other processes. */
    static void write() throws IOException {
        Files.createDirectories(DIRECTORY);
        List<String> rows;
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            rows = files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .map(Report::read)
                    .filter(row -> row.endsWith("\n")) // another process may be writing it
                    .collect(Collectors.toList());
        }
        String total = row("**" + rows.size() + " classes**", sum(rows, 2), sum(rows, 3), sum(rows, 4), sum(rows, 5));
        Files.writeString(
                DIRECTORY.resolve("tables.md"),
                "| class | tests | official client | Vela | excepted |\n| --- | ---: | ---: | ---: | ---: |\n"
                        + String.join("", rows)
                        + total
                        + "\n"
                        + ExpectedDifferences.table());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String row(String name, long tests, long official, long supervised, long excepted) {
        return String.format("| %s | %d | %d | %d | %d |\n", name, tests, official, supervised, excepted);
    }

    private static long sum(List<String> rows, int column) {
        return rows.stream()
                .mapToLong(row -> Long.parseLong(row.split("\\|")[column].strip()))
                .sum();
    }
}
