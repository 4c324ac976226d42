package dev.vela.internal.pulsar;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.jspecify.annotations.Nullable;

/** A message whose draft knew all fields, so that it needs no official builder. */
final class PlainMessage extends EncodedMessage {
    private static final byte[] EMPTY = {};

    /** No event time was given; any other number is an event time. */
    static final long NO_EVENT_TIME = Long.MIN_VALUE;

    private final @Nullable String key;
    private final boolean keyIsBase64;
    private final boolean nullKey;
    private final byte @Nullable [] orderingKey;
    private final List<String> properties; // names and values, alternating
    private final long eventTime;
    private final long sequenceId;
    private final boolean nullValue;
    private final byte[] payload;
    private final byte[] metadata;

    /** Creates a message from a draft and its encoded value; null for no value. */
    PlainMessage(Draft<?> draft, byte @Nullable [] encoded) {
        super(draft.schema);
        this.key = draft.key;
        this.keyIsBase64 = draft.keyIsBase64;
        this.nullKey = draft.nullKey;
        this.orderingKey = draft.orderingKey;
        this.properties = draft.properties();
        this.eventTime = draft.eventTime;
        this.sequenceId = draft.sequenceId;
        this.nullValue = encoded == null;
        this.payload = encoded == null ? EMPTY : encoded;
        this.metadata = encodeSingle();
    }

    /** Encodes the protobuf message {@code SingleMessageMetadata}. */
    private byte[] encodeSingle() {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        ProtobufWriter writer = new ProtobufWriter(sizeOfFewFields(keyBytes));
        for (int i = 0; i < properties.size(); i += 2) {
            byte[] name = properties.get(i).getBytes(StandardCharsets.UTF_8);
            byte[] value = properties.get(i + 1).getBytes(StandardCharsets.UTF_8);
            writer.message(1, ProtobufWriter.sizeOfBytes(1, name) + ProtobufWriter.sizeOfBytes(2, value));
            writer.bytes(1, name);
            writer.bytes(2, value);
        }
        if (keyBytes != null) {
            writer.bytes(KeyedMessage.PARTITION_KEY, keyBytes);
        }
        writer.number(ValueMessage.PAYLOAD_SIZE, payload.length);
        if (eventTime != NO_EVENT_TIME) {
            writer.number(5, eventTime);
        }
        if (keyIsBase64) {
            writer.number(6, 1);
        }
        if (orderingKey != null) {
            writer.bytes(7, orderingKey);
        }
        if (sequenceId != NO_SEQUENCE_ID) {
            writer.number(8, sequenceId);
        }
        if (nullValue) {
            writer.number(9, 1);
        }
        if (nullKey) {
            writer.number(10, 1);
        }
        return writer.toByteArray();
    }

    /**
     * The size of the fields that most messages have, so that the bytes of those messages are written without a copy.
     */
    private int sizeOfFewFields(byte @Nullable [] keyBytes) {
        int size = ProtobufWriter.sizeOfNumber(ValueMessage.PAYLOAD_SIZE, payload.length);
        return keyBytes == null ? size : size + ProtobufWriter.sizeOfBytes(KeyedMessage.PARTITION_KEY, keyBytes);
    }

    @Override
    public int sizeInBytes() {
        return metadata.length + payload.length;
    }

    @Override
    boolean keyIsBase64() {
        return keyIsBase64;
    }

    @Override
    @Nullable
    String keyText() {
        return key;
    }

    @Override
    public String group() {
        return group(orderingKey, key);
    }

    @Override
    public boolean hasAffinity() {
        return key != null || orderingKey != null;
    }

    @Override
    public int affinity() {
        return key != null ? key.hashCode() : Arrays.hashCode(orderingKey);
    }

    @Override
    public long chosenSequenceId() {
        return sequenceId;
    }

    @Override
    boolean isOrdinary() {
        return true;
    }

    @Override
    public int metadataBytes() {
        return metadata.length;
    }

    @Override
    void writeMetadata(ByteBuffer target, int at) {
        target.put(at, metadata);
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
    void copyKeysTo(MessageMetadata target) {
        if (key != null) {
            target.setPartitionKey(key).setPartitionKeyB64Encoded(keyIsBase64);
        }
        if (orderingKey != null) {
            target.setOrderingKey(orderingKey);
        }
    }

    @Override
    MessageImpl<?> nextAttempt(long sequenceId) {
        MessageMetadata whole = new MessageMetadata();
        whole.setSequenceId(sequenceId);
        copyKeysTo(whole);
        for (int i = 0; i < properties.size(); i += 2) {
            whole.addProperty().setKey(properties.get(i)).setValue(properties.get(i + 1));
        }
        if (eventTime != NO_EVENT_TIME) {
            whole.setEventTime(eventTime);
        }
        if (nullValue) {
            whole.setNullValue(true);
        }
        if (nullKey) {
            whole.setNullPartitionKey(true);
        }
        return MessageImpl.create(whole, ByteBuffer.wrap(payload), schema(), null);
    }
}
