package dev.vela.internal.live;

import java.util.regex.Pattern;

/**
 * A failure as tools show it: on one line, not long, and without what looks like a secret, since messages of clients and
 * brokers may quote the settings that failed.
 */
public final class CauseText {
    static final int MAX_LENGTH = 300;

    private static final int MOST_READ = 4000; // of a message, which may be a whole document

    private static final String MASK = "***";
    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Cntrl}]{2,}|\\p{Cntrl}");
    private static final Pattern JWT = Pattern.compile("\\beyJ[\\w-]+\\.[\\w.-]+");
    private static final Pattern AUTHORIZATION =
            Pattern.compile("\\b(bearer|basic)\\s+[^\\s,;\"']+", Pattern.CASE_INSENSITIVE);
    private static final Pattern URL_USER = Pattern.compile("(://)[^/\\s]+@");
    private static final Pattern NAMED = Pattern.compile(
            "((?=[tpsca])(?:token|passw(?:or)?d|passphrase|pwd|secret|credentials?|api[-_]?key|private[-_]?key)\\w{0,20}[\"']?\\s*[=:]\\s*)"
                    + "(?:\"[^\"]*\"?|'[^']*'?|[^\\s;&\"'}\\])]*[^\\s,;&\"'}\\])])",
            Pattern.CASE_INSENSITIVE);

    private CauseText() {}

    /** The simple name of its class and its message, 300 characters at most. Never throws. */
    public static String of(Throwable cause) {
        String name = name(cause.getClass());
        String text;
        try {
            String message = cause.getMessage();
            text = message == null ? name : name + ": " + masked(message);
        } catch (Throwable e) { // it may be a class of the application's
            text = name;
        }
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH - 1) + "…";
    }

    private static String name(Class<?> type) {
        String simple = type.getSimpleName();
        return simple.isEmpty() ? type.getName() : simple; // an anonymous class
    }

    private static String masked(String message) {
        String read = message.length() <= MOST_READ ? message : message.substring(0, MOST_READ);
        String masked = BLANK.matcher(read).replaceAll(" ").strip();
        masked = JWT.matcher(masked).replaceAll(MASK);
        masked = AUTHORIZATION.matcher(masked).replaceAll("$1 " + MASK);
        masked = URL_USER.matcher(masked).replaceAll("$1" + MASK + "@");
        return NAMED.matcher(masked).replaceAll("$1" + MASK);
    }
}
