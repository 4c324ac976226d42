package dev.vela.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** A 64-bit digest of a message: FNV-1a over its key, event time and payload. Detects damage, not malice. */
final class Digest {

    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Digest() {}

    static long of(@Nullable String key, long eventTime, byte[] payload) {
        long hash = OFFSET_BASIS;
        if (key != null) {
            byte[] bytes = key.getBytes(UTF_8);
            hash = bytes(number(hash, bytes.length + 1L), bytes);
        }
        return bytes(number(hash, eventTime), payload);
    }

    static long of(String key) {
        return bytes(OFFSET_BASIS, key.getBytes(UTF_8));
    }

    private static long number(long start, long number) {
        long hash = start;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            hash = (hash ^ ((number >>> shift) & 0xff)) * PRIME;
        }
        return hash;
    }

    private static long bytes(long start, byte[] bytes) {
        long hash = start;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * PRIME;
        }
        return hash;
    }
}
