package dev.vela.internal.pulsar;

import java.util.Arrays;

/** Writes the few kinds of protobuf fields that a message's metadata is made of. Not thread-safe. */
final class ProtobufWriter {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int TYPE_BITS = 3;
    private static final int VARINT_BITS = 7;
    private static final int LARGEST_VARINT = 10;

    private byte[] bytes;
    private int length;

    ProtobufWriter() {
        this(32);
    }

    private ProtobufWriter(int capacity) {
        bytes = new byte[capacity];
    }

    /** A message of one field, which is a number that is not negative. */
    static byte[] single(int field, int value) {
        ProtobufWriter writer = new ProtobufWriter(sizeOfVarint((long) field << TYPE_BITS) + sizeOfVarint(value));
        writer.tag(field, VARINT);
        writer.write(value);
        return writer.bytes;
    }

    /** A number that is not negative, or a truth value as 0 or 1. */
    void number(int field, long value) {
        reserve(2 * LARGEST_VARINT);
        tag(field, VARINT);
        write(value);
    }

    /** A text in UTF-8, or bytes. */
    void bytes(int field, byte[] value) {
        message(field, value.length);
        reserve(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    /** The beginning of a message of the given size; its fields follow. */
    void message(int field, int size) {
        reserve(2 * LARGEST_VARINT);
        tag(field, LENGTH_DELIMITED);
        write(size);
    }

    static int sizeOfBytes(int field, byte[] value) {
        return sizeOfVarint((long) field << TYPE_BITS) + sizeOfVarint(value.length) + value.length;
    }

    private static int sizeOfVarint(long value) {
        int significantBits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
        return (significantBits + VARINT_BITS - 1) / VARINT_BITS;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    private void tag(int field, int type) {
        write((long) field << TYPE_BITS | type);
    }

    /** A varint, for which room has been reserved. */
    private void write(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= VARINT_BITS;
        }
        bytes[length++] = (byte) rest;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
