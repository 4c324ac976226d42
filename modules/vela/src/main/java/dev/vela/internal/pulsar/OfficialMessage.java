package dev.vela.internal.pulsar;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.client.impl.TypedMessageBuilderImpl;
import org.apache.pulsar.common.api.proto.KeyValue;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.api.proto.SingleMessageMetadata;
import org.jspecify.annotations.Nullable;

/** A message that the official builder has built. */
final class OfficialMessage extends EncodedMessage {
    private static final byte[] EMPTY = {};

    private final MessageMetadata metadata;
    private final ByteBuffer content;
    private final int sizeInBytes;
    private byte @Nullable [] single;
    private @Nullable MessageImpl<?> first;
    private final @Nullable MessageImpl<?> intercepted;
    private final @Nullable Producer<?> interceptedFor;

    OfficialMessage(TypedMessageBuilderImpl<?> builder, Schema<?> schema) {
        super(schema);
        this.first = (MessageImpl<?>) builder.getMessage();
        this.intercepted = null;
        this.interceptedFor = null;
        this.metadata = new MessageMetadata().copyFrom(builder.getMetadataBuilder()); // may be changed and sent again
        this.content = builder.getContent();
        this.sizeInBytes = content.remaining() + metadata.getSerializedSize();
    }

    /**
     * Creates a message from the interceptors' result. They see this result again with its answer, so no attempt may
     * change it.
     */
    OfficialMessage(MessageImpl<?> intercepted, Producer<?> producer) {
        super(intercepted.getSchemaInternal());
        this.first = null;
        this.intercepted = intercepted;
        this.interceptedFor = producer;
        this.metadata = intercepted.getMessageBuilder();
        this.content = ByteBuffer.wrap(data(intercepted));
        this.sizeInBytes = content.remaining() + metadata.getSerializedSize();
    }

    /** The payload of one of the client's messages; empty if the message has no value. */
    static byte[] data(MessageImpl<?> message) {
        byte[] data = message.getData();
        return data == null ? EMPTY : data;
    }

    @Nullable
    MessageImpl<?> intercepted() {
        return intercepted;
    }

    @Nullable
    Producer<?> interceptedFor() {
        return interceptedFor;
    }

    @Override
    public int sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    boolean keyIsBase64() {
        return metadata.isPartitionKeyB64Encoded();
    }

    @Override
    @Nullable
    String keyText() {
        return metadata.hasPartitionKey() ? metadata.getPartitionKey() : null;
    }

    @Override
    public String group() {
        return group(metadata.hasOrderingKey() ? metadata.getOrderingKey() : null, keyText());
    }

    @Override
    public boolean hasAffinity() {
        return metadata.hasPartitionKey() || metadata.hasOrderingKey();
    }

    @Override
    public int affinity() {
        return metadata.hasPartitionKey()
                ? metadata.getPartitionKey().hashCode()
                : Arrays.hashCode(metadata.getOrderingKey());
    }

    @Override
    public long chosenSequenceId() {
        return metadata.hasSequenceId() ? metadata.getSequenceId() : NO_SEQUENCE_ID;
    }

    @Override
    boolean isOrdinary() {
        return Schemas.isOfTheClient(schema())
                && !metadata.hasDeliverAtTime()
                && !metadata.hasTxnidMostBits()
                && metadata.getReplicateTosCount() == 0;
    }

    @Override
    int payloadBytes() {
        return content.remaining();
    }

    @Override
    void copyPayloadTo(ByteBuffer target, int at) {
        target.put(at, content, content.position(), content.remaining());
    }

    @Override
    public int metadataBytes() {
        return single().length;
    }

    @Override
    void writeMetadata(ByteBuffer target, int at) {
        target.put(at, single());
    }

    private byte[] single() {
        byte[] encoded = single;
        if (encoded == null) {
            encoded = encodeSingle();
            single = encoded;
        }
        return encoded;
    }

    private byte[] encodeSingle() {
        SingleMessageMetadata target = new SingleMessageMetadata();
        target.setPayloadSize(content.remaining());
        for (KeyValue property : metadata.getPropertiesList()) {
            target.addProperty().setKey(property.getKey()).setValue(property.getValue());
        }
        if (metadata.hasPartitionKey()) {
            target.setPartitionKey(metadata.getPartitionKey());
            target.setPartitionKeyB64Encoded(metadata.isPartitionKeyB64Encoded());
        }
        if (metadata.hasOrderingKey()) {
            target.setOrderingKey(metadata.getOrderingKey());
        }
        if (metadata.hasEventTime()) {
            target.setEventTime(metadata.getEventTime());
        }
        if (metadata.hasSequenceId()) {
            target.setSequenceId(metadata.getSequenceId());
        }
        if (metadata.hasNullValue()) {
            target.setNullValue(metadata.isNullValue());
        }
        if (metadata.hasNullPartitionKey()) {
            target.setNullPartitionKey(metadata.isNullPartitionKey());
        }
        return target.toByteArray();
    }

    @Override
    void copyKeysTo(MessageMetadata target) {
        if (metadata.hasPartitionKey()) {
            target.setPartitionKey(metadata.getPartitionKey());
            target.setPartitionKeyB64Encoded(metadata.isPartitionKeyB64Encoded());
        }
        if (metadata.hasOrderingKey()) {
            target.setOrderingKey(metadata.getOrderingKey());
        }
    }

    @Override
    MessageImpl<?> nextAttempt(long sequenceId) {
        MessageImpl<?> attempt = first;
        first = null;
        if (attempt == null) {
            attempt = MessageImpl.create(metadata, content.duplicate(), schema(), null);
        }
        attempt.getMessageBuilder().setSequenceId(sequenceId);
        if (intercepted != null) {
            attempt.getMessageBuilder().clearPublishTime(); // the client sets it
        }
        return attempt;
    }
}
