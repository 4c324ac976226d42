package dev.vela.internal.pulsar;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.jspecify.annotations.Nullable;

/** A message of a value and a key and nothing else: the most frequent one with a key, and so kept small. */
final class KeyedMessage extends ValueMessage {
    static final int PARTITION_KEY = 2;

    private final String key;
    private final byte[] keyBytes;

    KeyedMessage(Schema<?> schema, String key, byte[] payload) {
        super(schema, payload);
        this.key = key;
        this.keyBytes = key.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable Object key() {
        return key;
    }

    @Override
    public @Nullable String keyText() {
        return key;
    }

    @Override
    public String group() {
        return group(null, key);
    }

    @Override
    public boolean hasAffinity() {
        return true;
    }

    @Override
    public int affinity() {
        return key.hashCode();
    }

    @Override
    int metadataBytes() {
        return ProtobufWriter.sizeOfBytes(PARTITION_KEY, keyBytes) + super.metadataBytes();
    }

    @Override
    void writeMetadata(ByteBuffer target, int at) {
        super.writeMetadata(target, ProtobufWriter.putBytes(target, at, PARTITION_KEY, keyBytes));
    }

    @Override
    void copyKeysTo(MessageMetadata target) {
        target.setPartitionKey(key).setPartitionKeyB64Encoded(false);
    }
}
