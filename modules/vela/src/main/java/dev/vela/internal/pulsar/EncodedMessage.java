package dev.vela.internal.pulsar;

import dev.vela.KeyHash;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Objects;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.jspecify.annotations.Nullable;

/** An encoded message. */
public abstract class EncodedMessage extends EncodedEntry {
    private static final int FRAME_BYTES = Integer.BYTES;

    private final Schema<?> schema;

    EncodedMessage(Schema<?> schema) {
        this.schema = schema;
    }

    /** Payload and metadata, before compression. */
    public abstract int sizeInBytes();

    /** The key as it goes over the wire, bytes as Base64; null without one. */
    abstract @Nullable String keyText();

    /** Whether the key was given as bytes. Only if there is one. */
    abstract boolean keyIsBase64();

    /** Whether it has a key. */
    public final boolean hasKey() {
        return keyText() != null;
    }

    /** Where its key belongs. Only if it has one. */
    public int partition(KeyHash hash, int partitions) {
        String key = Objects.requireNonNull(keyText());
        return keyIsBase64()
                ? hash.partition(Base64.getDecoder().decode(key), partitions)
                : hash.partition(key, partitions);
    }

    /** What a Key_Shared subscription tells messages apart by: the ordering key, else the key, as text; empty for none. */
    public abstract String group();

    static String group(byte @Nullable [] orderingKey, @Nullable String key) {
        if (orderingKey != null) {
            return "ordering " + Base64.getEncoder().encodeToString(orderingKey);
        }
        return key == null ? "" : "key " + key;
    }

    /** Whether it has a key or an ordering key, so that {@link #affinity()} says something. */
    public abstract boolean hasAffinity();

    /** A hash of what the order inside a group hangs on: the key, or else the ordering key. */
    public abstract int affinity();

    /** Whether nothing in it concerns the entry as a whole, such as the time of its delivery. */
    abstract boolean isOrdinary();

    /** How many bytes its metadata has as one of a batch. */
    public abstract int metadataBytes();

    /** Writes its metadata as one of a batch. */
    abstract void writeMetadata(ByteBuffer target, int at);

    abstract int payloadBytes();

    abstract void copyPayloadTo(ByteBuffer target, int at);

    /** Sets what consumers want to know of a batch before they open it. */
    abstract void copyKeysTo(MessageMetadata metadata);

    /** Whether it may share an entry with others of the given schema. */
    public boolean canShare(Schema<?> with) {
        return schema == with && isOrdinary();
    }

    /** How much of an entry it takes up as one of several. */
    public int framedBytes() {
        return FRAME_BYTES + metadataBytes() + payloadBytes();
    }

    /** Writes it as one of a batch: the size of its metadata, its metadata, its payload. Returns where that ends. */
    int writeFramed(ByteBuffer target, int at) {
        int metadata = metadataBytes();
        target.putInt(at, metadata);
        writeMetadata(target, at + FRAME_BYTES);
        int payload = at + FRAME_BYTES + metadata;
        copyPayloadTo(target, payload);
        return payload + payloadBytes();
    }

    @Override
    Schema<?> schema() {
        return schema;
    }
}
