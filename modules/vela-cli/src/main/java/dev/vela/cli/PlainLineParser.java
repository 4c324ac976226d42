package dev.vela.cli;

/** Turns every line into a message unchanged, including empty lines. */
final class PlainLineParser implements LineParser {

    @Override
    public InputLine parse(long number, byte[] line) {
        return new InputLine(number, line, null, InputLine.NO_EVENT_TIME);
    }
}
