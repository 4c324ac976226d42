package dev.vela.internal.live;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Writes one JSON text. <em>Not</em> thread-safe. */
final class JsonText {
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder out;

    JsonText(int expectedLength) {
        this.out = new StringBuilder(expectedLength);
    }

    /** Begins an object as an element of an array, or as the whole text. */
    JsonText beginObject() {
        separate();
        out.append('{');
        return this;
    }

    JsonText beginObject(String name) {
        name(name).append('{');
        return this;
    }

    JsonText endObject() {
        out.append('}');
        return this;
    }

    JsonText beginArray(String name) {
        name(name).append('[');
        return this;
    }

    JsonText endArray() {
        out.append(']');
        return this;
    }

    JsonText field(String name, long value) {
        name(name).append(value);
        return this;
    }

    JsonText field(String name, boolean value) {
        name(name).append(value);
        return this;
    }

    /** A field that is absent if the value is null. */
    JsonText field(String name, @Nullable String value) {
        if (value != null) {
            name(name);
            quote(value);
        }
        return this;
    }

    JsonText field(String name, Enum<?> value) {
        name(name);
        quote(value.name());
        return this;
    }

    /** A time, to a millisecond. */
    JsonText field(String name, Instant time) {
        name(name).append('"').append(time.truncatedTo(ChronoUnit.MILLIS)).append('"');
        return this;
    }

    private StringBuilder name(String name) {
        separate();
        return out.append('"').append(name).append("\":");
    }

    private void separate() {
        int length = out.length();
        char last = length == 0 ? '{' : out.charAt(length - 1); // of a value that is a text it is a quote
        if (last != '{' && last != '[') {
            out.append(',');
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029') {
                escape(c);
            } else if (!Character.isSurrogate(c)) {
                out.append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else {
                out.append(REPLACEMENT); // half a character: UTF-8 has no form for it
            }
        }
        out.append('"');
    }

    private void escape(char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 0xf, 16));
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
