package dev.vela.internal.routing;

import java.nio.charset.StandardCharsets;

/**
 * The unit of base64 text: four characters that stand for up to three bytes, packed in one {@code int}.
 *
 * <p>Lets a byte key's text be hashed without creating the text. Stateless, thread-safe, allocates nothing.
 */
final class Base64Quad {
    /** The bytes that one quad stands for; a shorter last quad is padded with {@code =}. */
    static final int BYTES = 3;

    /** The basic alphabet: RFC 4648, section 4. */
    private static final byte[] LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);

    private static final int BITS_PER_CHAR = 6;
    private static final int SEXTET = 0x3f;

    private Base64Quad() {}

    /** Returns the number of base64 characters for the given number of bytes. */
    static int textLength(int bytes) {
        // Overflows above 1.6 GB, where the official client has no text to agree with.
        return (bytes + BYTES - 1) / BYTES * Integer.BYTES;
    }

    /** Returns the four characters (ASCII) for the bytes at {@code from}, the first in the lowest eight bits. */
    static int at(byte[] key, int from) {
        int left = key.length - from;
        int bits = (key[from] & 0xff) << 16;
        if (left > 1) {
            bits |= (key[from + 1] & 0xff) << 8;
        }
        if (left > 2) {
            bits |= key[from + 2] & 0xff;
        }
        int first = LETTERS[bits >>> (3 * BITS_PER_CHAR)];
        int second = LETTERS[(bits >>> (2 * BITS_PER_CHAR)) & SEXTET];
        int third = left > 1 ? LETTERS[(bits >>> BITS_PER_CHAR) & SEXTET] : '=';
        int fourth = left > 2 ? LETTERS[bits & SEXTET] : '=';
        return first | second << 8 | third << 16 | fourth << 24;
    }
}
