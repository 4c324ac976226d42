package dev.vela.spring;

import java.util.regex.Pattern;

/**
 * A failure as whoever may see the health of an application may read it: on one line, not long, and without what looks
 * like a secret, since messages of clients and brokers may quote the settings that failed.
 */
final class CauseText {
    static final int MAX_LENGTH = 300;

    private static final String MASK = "***";
    private static final Pattern JWT = Pattern.compile("\\beyJ[\\w-]+(?:\\.[\\w-]+)+");
    private static final Pattern AUTHORIZATION =
            Pattern.compile("\\b(bearer|basic)\\s+[^\\s,;\"']+", Pattern.CASE_INSENSITIVE);
    private static final Pattern URL_USER = Pattern.compile("(://)[^/\\s@]+@");
    private static final Pattern NAMED = Pattern.compile(
            "((?:token|passw(?:or)?d|pwd|secret|credentials?|api[-_]?key|private[-_]?key)\\w{0,20}[\"']?\\s*[=:]\\s*[\"']?)"
                    + "[^\\s,;&\"'}\\])]+",
            Pattern.CASE_INSENSITIVE);

    private CauseText() {}

    static String of(Throwable cause) {
        String name = cause.getClass().getSimpleName();
        String message = cause.getMessage();
        if (message == null) {
            return name;
        }
        String line = message.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        String masked = JWT.matcher(line).replaceAll(MASK);
        masked = AUTHORIZATION.matcher(masked).replaceAll("$1 " + MASK);
        masked = URL_USER.matcher(masked).replaceAll("$1" + MASK + "@");
        masked = NAMED.matcher(masked).replaceAll("$1" + MASK);
        String text = name + ": " + masked;
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH - 1) + "…";
    }
}
