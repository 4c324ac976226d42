package dev.vela.guide;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command that a document shows, as it stands there: a line of a block of commands without its comment, or code within
 * a text. Its first word is a program of this repository.
 */
record Command(String text) implements Comparable<Command> {
    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern INLINE = Pattern.compile("`([^`\n]+)`");

    /** All commands of a document. */
    static List<Command> of(String document) {
        List<String> lines = new ArrayList<>();
        BLOCK.matcher(document)
                .results()
                .filter(block -> List.of("", "sh").contains(block.group(1)))
                .flatMap(block -> block.group(2).replaceAll("\\\\\n\\s*", "").lines())
                .map(line -> line.replaceAll("\\s+# .*", "").strip())
                .forEach(lines::add);
        INLINE.matcher(BLOCK.matcher(document).replaceAll(""))
                .results()
                .map(code -> code.group(1))
                .forEach(lines::add);
        return lines.stream()
                .filter(Command::isProgram)
                .map(Command::new)
                .distinct()
                .toList();
    }

    private static boolean isProgram(String line) {
        String first = line.split(" ", 2)[0];
        if (!first.matches("[\\w./-]*/[\\w./-]*")) {
            return false;
        }
        Path program = Documents.ROOT.resolve(first);
        return Files.isRegularFile(program) && Files.isExecutable(program);
    }

    /** Whether it serves until it is ended. */
    boolean isServing() {
        return text.matches("\\./vela (view|local)( .*)?") || text.contains(" --view");
    }

    /** Whether what it serves is a page. */
    boolean isPage() {
        return isServing() && !text.startsWith("./vela local");
    }

    boolean isOfVela() {
        return text.startsWith("./vela ");
    }

    /** The name of the subcommand of vela. */
    String subcommand() {
        return text.split(" ")[1];
    }

    /** The long options. */
    Stream<String> options() {
        return Stream.of(text.split("[ =]")).filter(word -> word.matches("--[a-z-]+"));
    }

    @Override
    public int compareTo(Command other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
