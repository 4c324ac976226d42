package dev.vela.bench;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds rounds that count
 * @param warmupRounds rounds before them
 * @param length how long each measurement lasts
 * @param rate messages for each second where they are paced
 * @param outstanding messages without a receipt at any time, where they are not
 * @param control whether a second official producer stands in Vela's place
 */
record Plan(int rounds, int warmupRounds, Duration length, int rate, int outstanding, boolean control) {

    static final int MESSAGE_BYTES = 100;

    double seconds() {
        return length.toMillis() / 1_000.0;
    }

    /** What the second subject is called. */
    String second() {
        return control ? "official again" : "Vela";
    }
}
