package dev.vela.internal.routing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Erlang's {@code erlang:phash2/2} of a binary, over its full range of 32 bits.
 *
 * <p>Stateless, thread-safe, never blocks, allocates nothing.
 */
public final class Phash2 {
    /*
     * phash2 of a binary is Bob Jenkins' hash of 1996 ("lookup2") over its bytes, with a start value that names the
     * term's type. Three words a, b, c take in 12 bytes per round, each word little-endian, and are then mixed. The
     * last round takes the remaining 0 to 11 bytes, padded with zeros; there the lowest byte of c belongs to the
     * length, so bytes 8, 9 and 10 go to the upper three bytes of c. A length that is a multiple of 12 (24, say)
     * therefore still has a last round, of no bytes, which mixes only the length.
     *
     * The empty binary is the exception: Erlang skips the rounds and returns the start value itself.
     *
     * phash2(Binary, N) is this modulo N. phash2(Binary), with no range, keeps the lower 27 bits, so it cannot be used
     * to find phash2(Binary, N).
     */

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** The golden ratio's fraction in 32 bits: Jenkins' start value for a and b. */
    private static final int GOLDEN = 0x9e3779b9;

    /** 13 * GOLDEN in 32 bits: Erlang marks each type of term with a multiple of GOLDEN. */
    private static final int BINARY = 0x08d12e65;

    private static final int ROUND_BYTES = 12;

    private Phash2() {}

    /** Returns {@code erlang:phash2(Key, 16#100000000)}, to be read as an unsigned number. */
    public static int hash(byte[] key) {
        int length = key.length;
        if (length == 0) {
            return BINARY;
        }
        int a = GOLDEN;
        int b = GOLDEN;
        int c = BINARY;
        int at = 0;
        boolean last;
        do {
            int left = length - at;
            last = left < ROUND_BYTES;
            if (last) {
                a += word(key, at);
                b += word(key, at + 4);
                c += (word(key, at + 8) << 8) + length;
            } else {
                a += (int) INT.get(key, at);
                b += (int) INT.get(key, at + 4);
                c += (int) INT.get(key, at + 8);
            }
            at += ROUND_BYTES;

            a = (a - b - c) ^ (c >>> 13);
            b = (b - c - a) ^ (a << 8);
            c = (c - a - b) ^ (b >>> 13);
            a = (a - b - c) ^ (c >>> 12);
            b = (b - c - a) ^ (a << 16);
            c = (c - a - b) ^ (b >>> 5);
            a = (a - b - c) ^ (c >>> 3);
            b = (b - c - a) ^ (a << 10);
            c = (c - a - b) ^ (b >>> 15);
        } while (!last);
        return c;
    }

    /** Reads up to four bytes as a little-endian word; bytes past the end are zero. */
    private static int word(byte[] key, int from) {
        int left = key.length - from;
        if (left <= 0) {
            return 0;
        }
        if (left >= Integer.BYTES) {
            return (int) INT.get(key, from);
        }
        if (key.length >= Integer.BYTES) { // the last four bytes, less the bytes before "from"
            return (int) INT.get(key, key.length - Integer.BYTES) >>> ((Integer.BYTES - left) * Byte.SIZE);
        }
        int word = 0;
        for (int i = left - 1; i >= 0; i--) {
            word = (word << Byte.SIZE) | (key[from + i] & 0xff);
        }
        return word;
    }
}
