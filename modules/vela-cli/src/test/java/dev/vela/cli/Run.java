package dev.vela.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** One run of the command in this JVM. */
record Run(int status, String out, String err) {

    static Run of(String... args) {
        return withInput("", args);
    }

    static Run withInput(String input, String... args) {
        return withInput(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), new Interruption(), args);
    }

    static Run withInput(InputStream input, Interruption interruption, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal =
                new Terminal(input, new PrintWriter(out, true), new PrintWriter(err, true), false, interruption);
        int status = Main.run(terminal, args);
        return new Run(status, out.toString(), err.toString());
    }
}
