package dev.vela.micrometer;

import java.util.Locale;

/** Constants as values of tags. */
final class Tokens {
    private Tokens() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
