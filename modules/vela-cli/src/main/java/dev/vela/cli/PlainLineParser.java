package dev.vela.cli;

/** Every line is a message as it is, an empty one too. */
final class PlainLineParser implements LineParser {

    @Override
    public InputLine parse(long number, byte[] line) {
        return new InputLine(number, line, null, InputLine.NO_EVENT_TIME);
    }
}
