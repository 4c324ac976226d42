package dev.vela.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses lists of seeds from the command line, such as {@code 1-120} or {@code 7,12,30-39}. */
final class Seeds {

    private static final Pattern PART = Pattern.compile("(\\d{1,18})(?:-(\\d{1,18}))?");
    private static final int MOST = 100_000;

    private Seeds() {}

    /**
     * Parses a list.
     *
     * @throws IllegalArgumentException if the text is not a list of seeds, or the list is too long
     */
    static List<Long> parse(String text) {
        List<Long> seeds = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("seeds must be such as 1-120 or 7,12,30-39, was " + text);
            }
            long first = Long.parseLong(matcher.group(1));
            long last = matcher.group(2) == null ? first : Long.parseLong(matcher.group(2));
            if (last < first || last - first >= MOST || seeds.size() + (last - first) >= MOST) {
                throw new IllegalArgumentException("seeds must be 1 to " + MOST + " of them, ascending, was " + text);
            }
            for (long seed = first; seed <= last; seed++) {
                seeds.add(seed);
            }
        }
        return seeds;
    }
}
