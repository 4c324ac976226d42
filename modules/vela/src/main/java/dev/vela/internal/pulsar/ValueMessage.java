package dev.vela.internal.pulsar;

import java.nio.ByteBuffer;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.jspecify.annotations.Nullable;

/** A message with only a value: the most frequent kind, and so the smallest. */
class ValueMessage extends EncodedMessage {
    static final int PAYLOAD_SIZE = 3;

    private final byte[] payload;
    private final int metadataBytes;

    ValueMessage(Schema<?> schema, byte[] payload) {
        this(schema, payload, 0);
    }

    /**
     * Creates a message that has more metadata.
     *
     * @param more the additional bytes of metadata
     */
    ValueMessage(Schema<?> schema, byte[] payload, int more) {
        super(schema);
        this.payload = payload;
        this.metadataBytes = more + ProtobufWriter.sizeOfNumber(PAYLOAD_SIZE, payload.length);
    }

    @Override
    public final int sizeInBytes() {
        return metadataBytes + payload.length;
    }

    @Override
    final boolean keyIsBase64() {
        return false;
    }

    @Override
    @Nullable
    String keyText() {
        return null;
    }

    @Override
    public String group() {
        return "";
    }

    @Override
    public boolean hasAffinity() {
        return false;
    }

    @Override
    public int affinity() {
        return 0;
    }

    @Override
    public long chosenSequenceId() {
        return NO_SEQUENCE_ID;
    }

    @Override
    boolean isOrdinary() {
        return true;
    }

    @Override
    public final int metadataBytes() {
        return metadataBytes;
    }

    @Override
    void writeMetadata(ByteBuffer target, int at) {
        ProtobufWriter.putNumber(target, at, PAYLOAD_SIZE, payload.length);
    }

    @Override
    int payloadBytes() {
        return payload.length;
    }

    @Override
    void copyPayloadTo(ByteBuffer target, int at) {
        target.put(at, payload);
    }

    @Override
    void copyKeysTo(MessageMetadata target) {}

    @Override
    MessageImpl<?> nextAttempt(long sequenceId) {
        MessageMetadata whole = new MessageMetadata();
        whole.setSequenceId(sequenceId);
        copyKeysTo(whole);
        return MessageImpl.create(whole, ByteBuffer.wrap(payload), schema(), null);
    }
}
