package dev.vela.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Turns lines into messages. */
interface LineParser {

    /**
     * Returns the message of a line; null if the line is not a message.
     *
     * @throws MalformedLineException if the line is malformed
     */
    @Nullable
    InputLine parse(long number, byte[] line) throws IOException;
}
