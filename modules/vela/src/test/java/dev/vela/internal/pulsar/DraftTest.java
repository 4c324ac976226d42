package dev.vela.internal.pulsar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.api.proto.SingleMessageMetadata;
import org.apache.pulsar.common.schema.KeyValue;
import org.apache.pulsar.common.schema.KeyValueEncodingType;
import org.junit.jupiter.api.Test;

/** A draft may be sent more than once: what is set later is no part of what was encoded before. */
class DraftTest {

    @Test
    void laterPropertiesAreNoneOfAnEarlierMessage() {
        Draft<String> draft = new Draft<>(Schema.STRING, null, true);
        draft.property("own", "1");
        draft.value("first");
        EncodedMessage first = draft.encode();
        draft.property("later", "2");
        EncodedMessage second = draft.encode();

        assertThat(first.nextAttempt(0).getProperties()).containsOnlyKeys("own");
        assertThat(second.nextAttempt(1).getProperties()).containsOnlyKeys("own", "later");
    }

    @Test
    void laterKeyIsNoneOfAnEarlierPair() {
        Draft<KeyValue<String, String>> draft =
                new Draft<>(Schema.KeyValue(Schema.STRING, Schema.STRING, KeyValueEncodingType.SEPARATED), null, false);
        draft.value(new KeyValue<>("a", "1"));
        EncodedMessage first = draft.encode();
        draft.value(new KeyValue<>("b", "2"));
        EncodedMessage second = draft.encode();

        first.nextAttempt(0);
        assertThat(first.nextAttempt(0).getKeyBytes()).isEqualTo("a".getBytes(UTF_8));
        assertThat(keyInBatch(first)).isEqualTo("YQ==");
        assertThat(keyInBatch(second)).isEqualTo("Yg==");
    }

    private static String keyInBatch(EncodedMessage message) {
        ByteBuffer written = ByteBuffer.allocate(message.metadataBytes());
        message.writeMetadata(written, 0);
        SingleMessageMetadata parsed = new SingleMessageMetadata();
        parsed.parseFrom(written.array());
        return parsed.getPartitionKey();
    }
}
