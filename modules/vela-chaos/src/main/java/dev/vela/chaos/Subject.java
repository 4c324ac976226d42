package dev.vela.chaos;

import java.util.Locale;

/** The client under test. */
enum Subject {
    VELA,
    OFFICIAL;

    /** Returns the name on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
