package dev.vela.chaos;

import java.util.Locale;

/** Who publishes. */
enum Subject {
    VELA,
    OFFICIAL;

    /** Its name on the command line. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
