package dev.vela.internal.pulsar;

import dev.vela.KeyHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.api.proto.MessageMetadata;

/** A message with only a value and a key: the most frequent kind with a key, and so kept small. */
final class KeyedMessage extends ValueMessage {
    static final int PARTITION_KEY = 2;

    private final String key;
    private final byte[] keyBytes;

    KeyedMessage(Schema<?> schema, String key, byte[] payload) {
        this(schema, key, key.getBytes(StandardCharsets.UTF_8), payload);
    }

    private KeyedMessage(Schema<?> schema, String key, byte[] keyBytes, byte[] payload) {
        super(schema, payload, ProtobufWriter.sizeOfBytes(PARTITION_KEY, keyBytes));
        this.key = key;
        this.keyBytes = keyBytes;
    }

    @Override
    String keyText() {
        return key;
    }

    /** For {@code PHASH2} a text has the same hash as its UTF-8 bytes, which are already at hand. */
    @Override
    public int partition(KeyHash hash, int partitions) {
        return hash == KeyHash.PHASH2 ? hash.partition(keyBytes, partitions) : hash.partition(key, partitions);
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
    void writeMetadata(ByteBuffer target, int at) {
        super.writeMetadata(target, ProtobufWriter.putBytes(target, at, PARTITION_KEY, keyBytes));
    }

    @Override
    void copyKeysTo(MessageMetadata target) {
        target.setPartitionKey(key).setPartitionKeyB64Encoded(false);
    }
}
