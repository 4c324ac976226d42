package dev.vela.internal.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.KeyHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.api.proto.KeyValue;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.api.proto.SingleMessageMetadata;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What we write ourselves is, byte for byte or field for field, what the official classes write and read. */
class BatchEncodingTest {

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    /** A message of random parts, by our encoder and by the official one. */
    private record Twins(EncodedMessage plain, EncodedMessage official) {}

    private static Twins twins(Random random) {
        Draft<byte[]> plain = new Draft<>(Schema.BYTES, null, true);
        Draft<byte[]> official = new Draft<>(Schema.BYTES, null, true);
        official.official();
        long seed = random.nextLong();
        fill(plain, new Random(seed));
        fill(official, new Random(seed));
        return new Twins(plain.encode(), official.encode());
    }

    private static void fill(Draft<byte[]> draft, Random random) {
        if (random.nextInt(4) > 0) {
            byte[] value = new byte[size(random)];
            random.nextBytes(value);
            draft.value(value);
        }
        switch (random.nextInt(4)) {
            case 0 -> draft.key(text(random));
            case 1 -> draft.keyBytes(text(random).getBytes(StandardCharsets.UTF_8));
            case 2 -> draft.key(null);
            default -> {}
        }
        if (random.nextBoolean()) {
            return; // a value and a key and nothing else: most are like this, and some are encoded in a way of their
            // own
        }
        if (random.nextInt(3) == 0) {
            draft.orderingKey(text(random).getBytes(StandardCharsets.UTF_8));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            draft.property(text(random), text(random));
        }
        if (random.nextInt(3) == 0) {
            draft.eventTime(random.nextLong(Long.MAX_VALUE));
        }
        if (random.nextInt(3) == 0) {
            draft.sequenceId(random.nextLong(Long.MAX_VALUE));
        }
    }

    private static int size(Random random) {
        return random.nextInt(8) == 0 ? random.nextInt(40_000) : random.nextInt(300);
    }

    /** Any characters, those outside of the basic plane included, and lengths around the borders of varints. */
    private static String text(Random random) {
        int length = random.nextInt(6) == 0 ? 120 + random.nextInt(20) : random.nextInt(12);
        int[] points = random.ints(length, 1, 0x10ffff)
                .map(point -> point >= 0xd800 && point <= 0xdfff ? 'x' : point)
                .toArray();
        return new String(points, 0, length);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void readsByOurEncoderAsByTheOfficialOne(int seed) {
        // Given
        Twins twins = twins(new Random(seed));

        // When
        SingleMessageMetadata ours = parse(metadata(twins.plain));
        SingleMessageMetadata theirs = parse(metadata(twins.official));

        // Then
        assertThat(fields(ours)).isEqualTo(fields(theirs));
        assertThat(ours.getPayloadSize()).isEqualTo(twins.plain.payloadBytes());
        assertThat(twins.plain.keyText()).isEqualTo(twins.official.keyText());
        if (twins.plain.hasKey()) {
            assertThat(KeyHash.values())
                    .allSatisfy(hash ->
                            assertThat(twins.plain.partition(hash, 97)).isEqualTo(twins.official.partition(hash, 97)));
        }
        assertThat(twins.plain.hasAffinity()).isEqualTo(twins.official.hasAffinity());
        if (twins.plain.hasAffinity()) {
            assertThat(twins.plain.affinity()).isEqualTo(twins.official.affinity());
        }
        assertThat(twins.plain.chosenSequenceId()).isEqualTo(twins.official.chosenSequenceId());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void isTheSameMessageOnItsOwn(int seed) {
        // Given
        Twins twins = twins(new Random(seed));

        // When
        MessageMetadata ours = twins.plain.nextAttempt(42).getMessageBuilder();
        MessageMetadata theirs = twins.official.nextAttempt(42).getMessageBuilder();

        // Then
        assertThat(ours.setProducerName("p").setPublishTime(1).toByteArray())
                .isEqualTo(theirs.setProducerName("p").setPublishTime(1).toByteArray());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void unpacksToWhatWasPutIn(int seed) {
        // Given
        Random random = new Random(seed);
        List<EncodedMessage> messages = new ArrayList<>();
        for (int i = 1 + random.nextInt(20); i > 0; i--) {
            Twins twins = twins(random);
            messages.add(random.nextBoolean() ? twins.plain : twins.official);
        }
        int length = messages.stream().mapToInt(EncodedMessage::framedBytes).sum();
        ByteBuffer buffer = ByteBuffer.allocate(length);
        EncodedBatch batch = new EncodedBatch(Schema.BYTES, messages.get(0), buffer);
        int moved = random.nextInt(messages.size());

        // When
        for (int i = 0; i < messages.size(); i++) {
            if (i == moved) {
                assertThat(batch.moveTo(ByteBuffer.allocateDirect(length))).isSameAs(buffer);
            }
            batch.add(messages.get(i));
        }

        // Then
        assertThat(batch.count()).isEqualTo(messages.size());
        assertThat(batch.length()).isEqualTo(length);
        ByteBuffer unread = batch.buffer().slice(0, batch.length());
        for (EncodedMessage message : messages) {
            byte[] metadata = new byte[unread.getInt()];
            unread.get(metadata);
            assertThat(metadata).isEqualTo(metadata(message));
            byte[] payload = new byte[parse(metadata).getPayloadSize()];
            unread.get(payload);
            byte[] expected = new byte[message.payloadBytes()];
            message.copyPayloadTo(ByteBuffer.wrap(expected), 0);
            assertThat(payload).isEqualTo(expected);
        }
        assertThat(unread.hasRemaining()).isFalse();
        MessageMetadata whole = batch.nextAttempt(7).getMessageBuilder();
        assertThat(whole.getNumMessagesInBatch()).isEqualTo(messages.size());
        assertThat(whole.getSequenceId()).isEqualTo(7);
        assertThat(whole.hasPartitionKey() ? whole.getPartitionKey() : null)
                .isEqualTo(messages.get(0).keyText());
        assertThat(whole.hasPublishTime() || whole.hasProducerName() || whole.hasHighestSequenceId())
                .isFalse();
    }

    private static SingleMessageMetadata parse(byte[] bytes) {
        SingleMessageMetadata parsed = new SingleMessageMetadata();
        parsed.parseFrom(bytes);
        return parsed;
    }

    /** All fields, in words. The official classes have no equality. */
    private static String fields(SingleMessageMetadata of) {
        StringBuilder all = new StringBuilder();
        for (KeyValue property : of.getPropertiesList()) {
            all.append(property.getKey())
                    .append('=')
                    .append(property.getValue())
                    .append(';');
        }
        all.append(of.hasPartitionKey() ? of.getPartitionKey() : "none").append(';');
        all.append(of.hasPartitionKeyB64Encoded() && of.isPartitionKeyB64Encoded())
                .append(';');
        all.append(of.hasOrderingKey() ? Arrays.toString(of.getOrderingKey()) : "none")
                .append(';');
        all.append(of.hasEventTime() ? of.getEventTime() : "none").append(';');
        all.append(of.hasSequenceId() ? of.getSequenceId() : "none").append(';');
        all.append(of.hasNullValue() && of.isNullValue()).append(';');
        all.append(of.hasNullPartitionKey() && of.isNullPartitionKey()).append(';');
        all.append(of.getPayloadSize()).append(';').append(of.isCompactedOut());
        return all.toString();
    }

    private static byte[] metadata(EncodedMessage message) {
        byte[] metadata = new byte[message.metadataBytes()];
        message.writeMetadata(ByteBuffer.wrap(metadata), 0);
        return metadata;
    }
}
