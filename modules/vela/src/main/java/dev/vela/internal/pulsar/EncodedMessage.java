package dev.vela.internal.pulsar;

import dev.vela.KeyHash;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Objects;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageImpl;
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

    /** The key as sent over the wire, bytes as Base64; null without a key. */
    abstract @Nullable String keyText();

    /** Whether the key was given as bytes. Call only if there is a key. */
    abstract boolean keyIsBase64();

    /** Whether the message has a key. */
    public final boolean hasKey() {
        return keyText() != null;
    }

    /** The partition that the key belongs to. Call only if there is a key. */
    public int partition(KeyHash hash, int partitions) {
        String key = Objects.requireNonNull(keyText());
        return keyIsBase64()
                ? hash.partition(Base64.getDecoder().decode(key), partitions)
                : hash.partition(key, partitions);
    }

    /**
     * The text by which a Key_Shared subscription tells messages apart: the ordering key, else the key; empty for none.
     */
    public abstract String group();

    static String group(byte @Nullable [] orderingKey, @Nullable String key) {
        if (orderingKey != null) {
            return "ordering " + Base64.getEncoder().encodeToString(orderingKey);
        }
        return key == null ? "" : "key " + key;
    }

    /** Whether there is a key or an ordering key, so that {@link #affinity()} is meaningful. */
    public abstract boolean hasAffinity();

    /** A hash of the key, or else of the ordering key, which determines the order inside a group. */
    public abstract int affinity();

    /** Whether no field of the message concerns the entry as a whole, such as the delivery time. */
    abstract boolean isOrdinary();

    /** The size of the message's metadata within a batch, in bytes. */
    public abstract int metadataBytes();

    /** Writes the message's metadata as part of a batch. */
    abstract void writeMetadata(ByteBuffer target, int at);

    abstract int payloadBytes();

    abstract void copyPayloadTo(ByteBuffer target, int at);

    /** Sets the keys that consumers read from a batch before they open it. */
    abstract void copyKeysTo(MessageMetadata metadata);

    /** Whether the message may share an entry with others of the given schema. */
    public boolean canShare(Schema<?> with) {
        return schema == with && isOrdinary();
    }

    /** The size of the message within a batch, in bytes. */
    public int framedBytes() {
        return FRAME_BYTES + metadataBytes() + payloadBytes();
    }

    /** Writes the message as part of a batch: size of its metadata, metadata, payload. Returns the end position. */
    int writeFramed(ByteBuffer target, int at) {
        int metadata = metadataBytes();
        target.putInt(at, metadata);
        writeMetadata(target, at + FRAME_BYTES);
        int payload = at + FRAME_BYTES + metadata;
        copyPayloadTo(target, payload);
        return payload + payloadBytes();
    }

    /**
     * The message as an official producer would show it to the application's interceptors and routers.
     *
     * @param topic the topic, as the application gave it
     */
    public final MessageImpl<?> asOfficial(String topic) {
        long chosen = chosenSequenceId();
        MessageImpl<?> attempt = nextAttempt(chosen);
        MessageMetadata metadata = attempt.getMessageBuilder();
        if (chosen < 0) {
            metadata.clearSequenceId();
        }
        return MessageImpl.create(
                metadata, ByteBuffer.wrap(OfficialMessage.data(attempt)), attempt.getSchemaInternal(), topic);
    }

    @Override
    Schema<?> schema() {
        return schema;
    }
}
