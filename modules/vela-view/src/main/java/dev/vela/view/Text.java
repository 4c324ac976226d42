package dev.vela.view;

/** Text from an application, made fit for a terminal. */
final class Text {

    private static final String REPLACEMENT = "\uFFFD";

    private Text() {}

    /**
     * Returns the text with everything replaced that a terminal may take for a command, or that changes the direction of
     * the line: control and format characters, separators of lines, and what is not valid.
     */
    static String printable(String text) {
        if (text.codePoints().allMatch(Text::isPrintable)) {
            return text;
        }
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isPrintable(c)) {
                printable.appendCodePoint(c);
            } else {
                printable.append(REPLACEMENT);
            }
        });
        return printable.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
