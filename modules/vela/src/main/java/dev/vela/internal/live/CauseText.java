package dev.vela.internal.live;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A failure as tools show it: on one line, not long, and without what looks like a secret, since messages of clients and
 * brokers may quote the settings that failed.
 */
public final class CauseText {
    static final int MAX_LENGTH = 300;

    private static final int MOST_READ = 4000; // of a message, which may be a whole document

    private static final String MASK = "***";

    /** What ends a line, moves a cursor or turns the direction of writing. */
    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Cc}\\p{Zl}\\p{Zp}\\u202A-\\u202E\\u2066-\\u2069]++");

    private static final Pattern PEM =
            Pattern.compile("-{4,5} ?BEGIN [A-Z0-9 ]*+-{4,5}.*?(?:-{4,5} ?END [A-Z0-9 ]*+-{4,5}|$)");
    private static final Pattern DATA_URL = Pattern.compile("\\bdata:[^,\\s]{0,200}+,\\s?\\S++");
    private static final Pattern JWT = Pattern.compile("(?<![A-Za-z0-9-])eyJ[\\w-]++\\.[\\w.-]++");
    private static final Pattern URL = Pattern.compile("(?<=://)\\S++");

    /** A header that may have several secrets, to the end of the line. */
    private static final Pattern HEADER = Pattern.compile(
            "\\b((?:authorization|cookie)\\\\*[\"']?\\s*[=:]|digest(?=\\s+\\w+=)).*", Pattern.CASE_INSENSITIVE);

    /** Unless a word of English follows. */
    private static final Pattern SCHEME =
            Pattern.compile("\\b((?i:bearer|basic))\\s+(?![a-z]++(?:[\\s,;.:]|$))[^\\s,;\"'\\\\]++");

    /** A value after such a name: in quotes, in quotes within quotes, or up to a space or a separator before a space. */
    private static final Pattern NAMED = Pattern.compile(
            "((?:token|pass(?:code|phrase|w(?:or)?d|(?=\\\\*[\"']?\\s*[=:]))|pwd|secret|credentials?"
                    + "|(?:api|access|private)[-_ ]?key|auth[-_]?params|signature|\\bsig(?=[=:]))"
                    + "\\w{0,20}\\\\*[\"']?\\s*(?:=>|[=:]|%3D)\\s*)"
                    + "(?:\\\\++\"(?:[^\\\\]++|\\\\++(?!\"\\s*(?:[,}\\]]|$)))*+(?:\\\\++\")?"
                    + "|\"(?:[^\"\\\\]|\\\\.)*+\"?[^\\s,;&}\\])]*+|'(?:[^'\\\\]|\\\\.)*+'?[^\\s,;&}\\])]*+"
                    + "|[^\\s,;]*+(?:[,;](?!\\s|$)[^\\s,;]*+)*+)",
            Pattern.CASE_INSENSITIVE);

    private CauseText() {}

    /** The simple name of its class and its message, 300 characters at most. Never throws. */
    public static String of(Throwable cause) {
        String text = cause.getClass().getName();
        try { // it may be a class of the application's, and what it names may be gone
            String simple = cause.getClass().getSimpleName();
            text = simple.isEmpty() ? text : simple; // empty for an anonymous class
            String message = cause.getMessage();
            text = message == null ? text : text + ": " + masked(message);
        } catch (Throwable e) {
            // What is known must do.
        }
        return text.length() <= MAX_LENGTH ? text : cut(text, MAX_LENGTH - 1) + "…";
    }

    private static String cut(String text, int length) {
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }

    private static String masked(String message) {
        String masked = PEM.matcher(line(message)).replaceAll(MASK);
        masked = NAMED.matcher(masked).replaceAll("$1" + MASK);
        masked = HEADER.matcher(masked).replaceAll("$1 " + MASK);
        masked = SCHEME.matcher(masked).replaceAll("$1 " + MASK);
        masked = DATA_URL.matcher(masked).replaceAll("data:" + MASK);
        masked = JWT.matcher(masked).replaceAll(MASK);
        return URL.matcher(masked).replaceAll(url -> Matcher.quoteReplacement(withoutUser(url.group())));
    }

    private static String withoutUser(String url) {
        int host = url.lastIndexOf('@');
        return host < 0 ? url : MASK + url.substring(host);
    }

    /** The message on one line. Of a long one the last word is left out: half a secret has no form to be known by. */
    private static String line(String message) {
        String read = message.length() <= 4 * MOST_READ ? message : cut(message, 4 * MOST_READ);
        String line = BLANK.matcher(read).replaceAll(" ").strip();
        if (read.length() == message.length() && line.length() <= MOST_READ) {
            return line;
        }
        String cut = line.length() <= MOST_READ ? line : cut(line, MOST_READ);
        return cut.substring(0, Math.max(0, cut.lastIndexOf(' ')));
    }
}
