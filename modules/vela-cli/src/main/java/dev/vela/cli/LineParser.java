package dev.vela.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes messages of lines. */
interface LineParser {

    /**
     * The message of a line; null if the line is none.
     *
     * @throws MalformedLineException if the line is not what it should be
     */
    @Nullable
    InputLine parse(long number, byte[] line) throws IOException;
}
