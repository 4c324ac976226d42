package dev.vela;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vela.internal.checks.Checks;
import dev.vela.internal.routing.JavaStringHash;
import dev.vela.internal.routing.Murmur3;
import dev.vela.internal.routing.Phash2;
import java.util.Objects;

/**
 * The function that places a keyed message on a partition.
 *
 * <p>Every producer of a topic must use the same function, or messages of one key end up on several partitions and lose
 * their order. The default is {@link #PHASH2}, which agrees with the Elixir client. The official Java client's default
 * is {@link #JAVA_STRING}; choose it, or {@link #MURMUR3_32}, where the official client (of any language) writes to the
 * same topic.
 *
 * <p>A key is text or bytes, and the two forms of each method follow the two ways to set a message's key:
 * {@link #hash(String)} is for {@code TypedMessageBuilder.key(String)}, {@link #hash(byte[])} for
 * {@code keyBytes(byte[])}. For {@link #PHASH2} a text key has the same hash as its UTF-8 bytes. The other two differ:
 * the official client hashes the base64 text of a byte key, so {@code key("a")} and {@code keyBytes({'a'})} have
 * unrelated hashes, as do these forms.
 *
 * <p>Thread-safe. No method blocks, and the forms for bytes allocate nothing. An empty key is a key like any other.
 */
public enum KeyHash {
    /**
     * Erlang's {@code erlang:phash2}, bit for bit: a key's partition is {@code erlang:phash2(Key, Partitions)}, as in
     * the Elixir client. The default.
     *
     * <p>Half a surrogate pair, which UTF-8 cannot express, counts as {@code ?}.
     */
    PHASH2 {
        @Override
        int bits(byte[] key) {
            return Phash2.hash(key);
        }

        @Override
        int bits(String key) {
            return Phash2.hash(key.getBytes(UTF_8));
        }
    },

    /**
     * MurmurHash3, 32 bit, seed 0: the official client's {@code HashingScheme.Murmur3_32Hash}.
     *
     * <p>The hash is of the key in UTF-8 (half a surrogate pair counts as {@code ?}), or of a byte key's base64 text.
     * It is at most 2<sup>31</sup> - 1, for the official client clears the highest bit.
     */
    MURMUR3_32 {
        @Override
        int bits(byte[] key) {
            return Murmur3.hashOfBase64(key) & Integer.MAX_VALUE;
        }

        @Override
        int bits(String key) {
            return Murmur3.hash(key.getBytes(UTF_8)) & Integer.MAX_VALUE;
        }
    },

    /**
     * {@link String#hashCode()}: the official client's {@code HashingScheme.JavaStringHash}, its default.
     *
     * <p>The hash is of the key, or of a byte key's base64 text. It is at most 2<sup>31</sup> - 1, for the official
     * client clears the highest bit.
     */
    JAVA_STRING {
        @Override
        int bits(byte[] key) {
            return JavaStringHash.hashOfBase64(key) & Integer.MAX_VALUE;
        }

        @Override
        int bits(String key) {
            return key.hashCode() & Integer.MAX_VALUE;
        }
    };

    /** The hash as an unsigned number; the key is not null. */
    abstract int bits(byte[] key);

    /** The hash as an unsigned number; the key is not null. */
    abstract int bits(String key);

    /**
     * Returns the hash of a byte key, from 0 to 2<sup>32</sup> - 1.
     *
     * @throws NullPointerException if {@code key} is null
     */
    public long hash(byte[] key) {
        Objects.requireNonNull(key, "key");
        return Integer.toUnsignedLong(bits(key));
    }

    /**
     * Returns the hash of a text key, from 0 to 2<sup>32</sup> - 1.
     *
     * @throws NullPointerException if {@code key} is null
     */
    public long hash(String key) {
        Objects.requireNonNull(key, "key");
        return Integer.toUnsignedLong(bits(key));
    }

    /**
     * Returns the partition of a byte key, from 0 to {@code partitions - 1}: its hash modulo {@code partitions}.
     *
     * @throws NullPointerException if {@code key} is null
     * @throws IllegalArgumentException if {@code partitions} is less than 1
     */
    public int partition(byte[] key, int partitions) {
        Objects.requireNonNull(key, "key");
        Checks.atLeast("partitions", 1, partitions);
        return Integer.remainderUnsigned(bits(key), partitions);
    }

    /**
     * Returns the partition of a text key, from 0 to {@code partitions - 1}: its hash modulo {@code partitions}.
     *
     * @throws NullPointerException if {@code key} is null
     * @throws IllegalArgumentException if {@code partitions} is less than 1
     */
    public int partition(String key, int partitions) {
        Objects.requireNonNull(key, "key");
        Checks.atLeast("partitions", 1, partitions);
        return Integer.remainderUnsigned(bits(key), partitions);
    }
}
