package dev.vela.internal.pulsar;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes the few kinds of protobuf fields that a message's metadata consists of. Not thread-safe. */
final class ProtobufWriter {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int TYPE_BITS = 3;
    private static final int VARINT_BITS = 7;
    private static final int LARGEST_VARINT = 10;

    private byte[] bytes;
    private int length;

    ProtobufWriter(int capacity) {
        bytes = new byte[capacity];
    }

    /** Writes a non-negative number, or a boolean as 0 or 1. */
    void number(int field, long value) {
        reserve(sizeOfNumber(field, value));
        length = putVarint(bytes, putVarint(bytes, length, tag(field, VARINT)), value);
    }

    /** Writes a text in UTF-8, or bytes. */
    void bytes(int field, byte[] value) {
        reserve(sizeOfBytes(field, value));
        begin(field, value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    /** Writes the beginning of a message of the given size; its fields follow. */
    void message(int field, int size) {
        reserve(2 * LARGEST_VARINT);
        begin(field, size);
    }

    private void begin(int field, int size) {
        length = putVarint(bytes, putVarint(bytes, length, tag(field, LENGTH_DELIMITED)), size);
    }

    static int sizeOfBytes(int field, byte[] value) {
        return sizeOfVarint(tag(field, LENGTH_DELIMITED)) + sizeOfVarint(value.length) + value.length;
    }

    static int sizeOfNumber(int field, long value) {
        return sizeOfVarint(tag(field, VARINT)) + sizeOfVarint(value);
    }

    /** Writes a non-negative number at a position with enough room. Returns the end position. */
    static int putNumber(ByteBuffer target, int at, int field, long value) {
        return putVarint(target, putVarint(target, at, tag(field, VARINT)), value);
    }

    /** Writes a text in UTF-8, or bytes, at a position with enough room. Returns the end position. */
    static int putBytes(ByteBuffer target, int at, int field, byte[] value) {
        int start = putVarint(target, putVarint(target, at, tag(field, LENGTH_DELIMITED)), value.length);
        target.put(start, value);
        return start + value.length;
    }

    private static int sizeOfVarint(long value) {
        int significantBits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
        return (significantBits + VARINT_BITS - 1) / VARINT_BITS;
    }

    byte[] toByteArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private static long tag(int field, int type) {
        return (long) field << TYPE_BITS | type;
    }

    private static int putVarint(ByteBuffer target, int at, long value) {
        int end = at;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            target.put(end++, (byte) (rest | 0x80));
            rest >>>= VARINT_BITS;
        }
        target.put(end++, (byte) rest);
        return end;
    }

    private static int putVarint(byte[] target, int at, long value) {
        int end = at;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            target[end++] = (byte) (rest | 0x80);
            rest >>>= VARINT_BITS;
        }
        target[end++] = (byte) rest;
        return end;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
