package dev.vela;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.HashingScheme;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TopicMetadata;
import org.apache.pulsar.client.api.TypedMessageBuilder;
import org.apache.pulsar.client.impl.Hash;
import org.apache.pulsar.client.impl.JavaStringHash;
import org.apache.pulsar.client.impl.Murmur3Hash32;
import org.apache.pulsar.client.impl.RoundRobinPartitionMessageRouterImpl;
import org.apache.pulsar.client.impl.SinglePartitionMessageRouterImpl;
import org.apache.pulsar.client.impl.TypedMessageBuilderImpl;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHashTest {
    private static final long SEED = 20261121;

    @Nested
    class Phash2 {
        /** What Erlang says of one key: its full hash, and its hash in each range. */
        private record Vector(String hex, long hash, Map<Integer, Integer> partitions) {
            byte[] key() {
                return HexFormat.of().parseHex(hex);
            }
        }

        @Test
        void hashesEveryKeyAsErlangDoes() throws IOException {
            for (Vector vector : vectors()) {
                assertThat(KeyHash.PHASH2.hash(vector.key()))
                        .as("key %s", vector.hex())
                        .isEqualTo(vector.hash());
            }
        }

        @Test
        void placesEveryKeyAsErlangDoes() throws IOException {
            for (Vector vector : vectors()) {
                vector.partitions()
                        .forEach(
                                (partitions, expected) -> assertThat(KeyHash.PHASH2.partition(vector.key(), partitions))
                                        .as("key %s of %d", vector.hex(), partitions)
                                        .isEqualTo(expected));
            }
        }

        @Test
        void hashesTextAsItsBytesInUtf8() throws IOException {
            int texts = 0;
            for (Vector vector : vectors()) {
                String text = new String(vector.key(), UTF_8);
                if (Arrays.equals(text.getBytes(UTF_8), vector.key())) {
                    texts++;
                    assertThat(KeyHash.PHASH2.hash(text)).isEqualTo(vector.hash());
                    vector.partitions()
                            .forEach((partitions, expected) -> assertThat(KeyHash.PHASH2.partition(text, partitions))
                                    .isEqualTo(expected));
                }
            }
            assertThat(texts).isGreaterThan(300);
        }

        @Test
        void vectorsCoverEveryLengthAndEveryByte() throws IOException {
            List<Vector> vectors = vectors();

            assertThat(vectors).hasSizeGreaterThan(1_000);
            assertThat(vectors)
                    .extracting(vector -> vector.key().length)
                    .containsAll(IntStream.rangeClosed(0, 300).boxed().toList())
                    .contains(1024, 10_000);
            assertThat(vectors)
                    .filteredOn(vector -> vector.key().length == 1)
                    .extracting(vector -> vector.key()[0] & 0xff)
                    .containsAll(IntStream.rangeClosed(0, 255).boxed().toList());
            assertThat(vectors).extracting(Vector::hash).anyMatch(hash -> hash > Integer.MAX_VALUE);
        }

        private static List<Vector> vectors() throws IOException {
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(KeyHashTest.class.getResourceAsStream("phash2-vectors.csv"), UTF_8))) {
                List<String[]> rows = lines.lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.split(",", -1))
                        .toList();
                int[] ranges = Stream.of(rows.get(0))
                        .skip(2)
                        .mapToInt(name -> Integer.parseInt(name.substring("phash2_".length())))
                        .toArray();
                return rows.stream().skip(1).map(row -> vector(row, ranges)).toList();
            }
        }

        private static Vector vector(String[] row, int[] ranges) {
            Map<Integer, Integer> partitions = new TreeMap<>();
            for (int i = 0; i < ranges.length; i++) {
                partitions.put(ranges[i], Integer.parseInt(row[i + 2]));
            }
            return new Vector(row[0], Long.parseLong(row[1]), partitions);
        }
    }

    @Nested
    class OfficialSchemes {
        @ParameterizedTest
        @EnumSource(HashingScheme.class)
        void placesTextWhereTheOfficialClientDoes(HashingScheme scheme) {
            for (String key : texts()) {
                Message<byte[]> message = message(official().key(key));
                assertPlacedAlike(scheme, message, partitions -> keyHash(scheme).partition(key, partitions));
            }
        }

        @ParameterizedTest
        @EnumSource(HashingScheme.class)
        void placesBytesWhereTheOfficialClientDoes(HashingScheme scheme) {
            for (byte[] key : byteKeys()) {
                Message<byte[]> message = message(official().keyBytes(key));
                assertPlacedAlike(scheme, message, partitions -> keyHash(scheme).partition(key, partitions));
            }
        }

        @ParameterizedTest
        @EnumSource(HashingScheme.class)
        void hashesTextAsTheOfficialClientDoes(HashingScheme scheme) {
            for (String key : texts()) {
                assertThat(keyHash(scheme).hash(key))
                        .as("key '%s'", key)
                        .isEqualTo(officialHash(scheme).makeHash(key));
            }
        }

        @ParameterizedTest
        @EnumSource(HashingScheme.class)
        void hashesBytesAsTheirBase64Text(HashingScheme scheme) {
            for (byte[] key : byteKeys()) {
                String text = Base64.getEncoder().encodeToString(key);
                assertThat(keyHash(scheme).hash(key))
                        .as("key %s", text)
                        .isEqualTo(officialHash(scheme).makeHash(text))
                        .isEqualTo(keyHash(scheme).hash(text));
            }
        }

        /** Compares for every number of partitions from 1 to 100, with both routers of the official client. */
        private static void assertPlacedAlike(HashingScheme scheme, Message<?> message, IntUnaryOperator ours) {
            int[] placed = IntStream.rangeClosed(1, 100).map(ours).toArray();
            List<MessageRouter> routers = List.of(
                    new SinglePartitionMessageRouterImpl(0, scheme),
                    new RoundRobinPartitionMessageRouterImpl(scheme, 0, true, 1));
            for (MessageRouter router : routers) {
                int[] expected = IntStream.rangeClosed(1, 100)
                        .map(partitions -> router.choosePartition(message, topicOf(partitions)))
                        .toArray();
                assertThat(placed)
                        .as("key '%s' against %s", message.getKey(), router.getClass())
                        .isEqualTo(expected);
            }
        }

        private static KeyHash keyHash(HashingScheme scheme) {
            return switch (scheme) {
                case JavaStringHash -> KeyHash.JAVA_STRING;
                case Murmur3_32Hash -> KeyHash.MURMUR3_32;
            };
        }

        private static Hash officialHash(HashingScheme scheme) {
            return switch (scheme) {
                case JavaStringHash -> JavaStringHash.getInstance();
                case Murmur3_32Hash -> Murmur3Hash32.getInstance();
            };
        }

        private static TypedMessageBuilder<byte[]> official() {
            return new TypedMessageBuilderImpl<>(null, Schema.BYTES);
        }

        private static Message<byte[]> message(TypedMessageBuilder<byte[]> builder) {
            return ((TypedMessageBuilderImpl<byte[]>) builder.value(new byte[0])).getMessage();
        }

        private static TopicMetadata topicOf(int partitions) {
            return () -> partitions;
        }
    }

    @ParameterizedTest
    @EnumSource
    void partitionIsTheHashModuloThePartitions(KeyHash keyHash) {
        for (String key : texts()) {
            assertThat((long) keyHash.partition(key, 7)).isEqualTo(keyHash.hash(key) % 7);
            assertThat((long) keyHash.partition(key, Integer.MAX_VALUE))
                    .isEqualTo(keyHash.hash(key) % Integer.MAX_VALUE);
        }
        for (byte[] key : byteKeys()) {
            assertThat((long) keyHash.partition(key, 7)).isEqualTo(keyHash.hash(key) % 7);
            assertThat((long) keyHash.partition(key, Integer.MAX_VALUE))
                    .isEqualTo(keyHash.hash(key) % Integer.MAX_VALUE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheKeyAsItWas(KeyHash keyHash) {
        for (byte[] key : byteKeys()) {
            byte[] before = key.clone();

            keyHash.hash(key);
            keyHash.partition(key, 12);

            assertThat(key).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void allocatesNothingForBytes(KeyHash keyHash) {
        // The thread's own count, in bytes. The first rounds pay for class loading and linking.
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<byte[]> keys = byteKeys();
        hashAll(keyHash, keys);
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();

        for (int round = 0; round < 50; round++) {
            hashAll(keyHash, keys);
        }

        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated / (50.0 * keys.size())).as("bytes a key").isLessThan(1);
    }

    @ParameterizedTest
    @EnumSource
    void refusesNullNamingIt(KeyHash keyHash) {
        byte[] noBytes = null;
        String noText = null;

        assertThatNullPointerException().isThrownBy(() -> keyHash.hash(noBytes)).withMessage("key");
        assertThatNullPointerException().isThrownBy(() -> keyHash.hash(noText)).withMessage("key");
        assertThatNullPointerException()
                .isThrownBy(() -> keyHash.partition(noBytes, 1))
                .withMessage("key");
        assertThatNullPointerException()
                .isThrownBy(() -> keyHash.partition(noText, 1))
                .withMessage("key");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void refusesFewerThanOnePartitionNamingTheValue(int partitions) {
        for (KeyHash keyHash : KeyHash.values()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> keyHash.partition(new byte[1], partitions))
                    .withMessage("partitions must be >= 1, was " + partitions);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> keyHash.partition("a", partitions))
                    .withMessage("partitions must be >= 1, was " + partitions);
        }
    }

    private static long hashAll(KeyHash keyHash, List<byte[]> keys) {
        long sum = 0;
        for (int i = 0; i < keys.size(); i++) {
            sum += keyHash.hash(keys.get(i)) + keyHash.partition(keys.get(i), 12);
        }
        return sum;
    }

    /** Texts of all kinds: empty, ASCII, every plane of Unicode, halves of surrogate pairs, long ones. */
    private static List<String> texts() {
        Random random = new Random(SEED);
        List<String> texts = new ArrayList<>(List.of(
                "",
                "a",
                "key",
                "\0",
                "\u007f",
                "\u0080",
                "\u00e9",
                "\u0416",
                "\u20ac",
                "\uffff",
                "\ud83d\ude00",
                "\ud83d",
                "\ude00",
                "\ude00\ud83d",
                "a\ud83db",
                "polygenelubricants", // hashCode() is Integer.MIN_VALUE
                "x".repeat(10_000)));
        for (int i = 0; i < 300; i++) {
            texts.add("order-" + random.nextInt());
            texts.add(text(random, 0x20, 0x7f));
            texts.add(text(random, 0, 0x100));
            texts.add(text(random, 0, Character.MAX_VALUE + 1)); // halves of surrogate pairs among them
            texts.add(text(random, 0, Character.MAX_CODE_POINT + 1));
        }
        return texts;
    }

    private static String text(Random random, int from, int to) {
        return random.ints(random.nextInt(40), from, to)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Byte keys of every length from 0 to 300, every single byte, and long ones. */
    private static List<byte[]> byteKeys() {
        Random random = new Random(SEED);
        List<byte[]> keys = new ArrayList<>();
        for (int length = 0; length <= 300; length++) {
            keys.add(bytes(random, length));
            keys.add(bytes(random, random.nextInt(16)));
        }
        for (int b = 0; b < 256; b++) {
            keys.add(new byte[] {(byte) b});
        }
        keys.add(bytes(random, 1024));
        keys.add(bytes(random, 10_000));
        return keys;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
