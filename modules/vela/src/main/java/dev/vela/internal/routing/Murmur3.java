package dev.vela.internal.routing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * MurmurHash3 x86, 32 bit, seed 0: the hash behind the official client's {@code Murmur3_32Hash}.
 *
 * <p>Stateless, thread-safe, never blocks, allocates nothing.
 */
public final class Murmur3 {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Murmur3() {}

    /** Returns the hash of these bytes. */
    public static int hash(byte[] bytes) {
        int length = bytes.length;
        int blocksEnd = length & -Integer.BYTES;
        int hash = 0;
        for (int i = 0; i < blocksEnd; i += Integer.BYTES) {
            hash = withBlock(hash, (int) INT.get(bytes, i));
        }
        int tail = 0;
        for (int i = blocksEnd; i < length; i++) {
            tail |= (bytes[i] & 0xff) << ((i - blocksEnd) * Byte.SIZE);
        }
        return finished(hash ^ scrambled(tail), length);
    }

    /** Returns the hash of the base64 text of these bytes. */
    public static int hashOfBase64(byte[] bytes) {
        // Four characters of base64 are one block of four bytes, and padding leaves no tail.
        int hash = 0;
        for (int i = 0; i < bytes.length; i += Base64Quad.BYTES) {
            hash = withBlock(hash, Base64Quad.at(bytes, i));
        }
        return finished(hash, Base64Quad.textLength(bytes.length));
    }

    private static int withBlock(int hash, int block) {
        return Integer.rotateLeft(hash ^ scrambled(block), 13) * 5 + 0xe6546b64;
    }

    private static int scrambled(int block) {
        return Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
    }

    private static int finished(int hash, int length) {
        int h = hash ^ length;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
