package dev.vela.internal.pulsar;

import java.nio.ByteBuffer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.BatchMessageIdImpl;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.common.api.proto.MessageMetadata;

/**
 * Several messages in one entry, in the format that every consumer unpacks: each message framed by the size of its
 * metadata.
 *
 * <p>Filled under its owner's lock; not changed after the hand-over.
 */
public final class EncodedBatch extends EncodedEntry {
    private final Schema<?> schema;
    private final EncodedMessage first;
    private ByteBuffer buffer;
    private int length;
    private int count;
    private long highestSequenceId = NO_SEQUENCE_ID;

    /**
     * Creates an empty batch.
     *
     * @param schema the same schema object that the producer was created with: any other object would be registered
     *     again
     * @param first the message that will be added first; the entry carries its key
     * @param buffer the buffer to write to
     */
    public EncodedBatch(Schema<?> schema, EncodedMessage first, ByteBuffer buffer) {
        this.schema = schema;
        this.first = first;
        this.buffer = buffer;
    }

    /** Switches to another buffer. Returns the previous buffer, which no other code has seen. */
    public ByteBuffer moveTo(ByteBuffer larger) {
        ByteBuffer before = buffer;
        buffer = larger.put(0, before, 0, length);
        return before;
    }

    /** Adds a message that may share an entry with the others. There must be room for it in the buffer. */
    public void add(EncodedMessage message) {
        length = message.writeFramed(buffer, length);
        count++;
        long chosen = message.chosenSequenceId();
        if (chosen > highestSequenceId) {
            highestSequenceId = chosen;
        }
    }

    public int count() {
        return count;
    }

    /** Bytes written so far. */
    public int length() {
        return length;
    }

    /** The buffer with the messages, for reuse once the entry is stored. */
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public long chosenSequenceId() {
        return highestSequenceId;
    }

    @Override
    Schema<?> schema() {
        return schema;
    }

    @Override
    boolean isBatch() {
        return true;
    }

    @Override
    MessageImpl<?> nextAttempt(long sequenceId) {
        MessageMetadata metadata = new MessageMetadata();
        metadata.setSequenceId(sequenceId).setNumMessagesInBatch(count);
        first.copyKeysTo(metadata);
        return MessageImpl.create(metadata, buffer.slice(0, length), schema, null);
    }

    /** The id of the message at an index, from the receipt for the whole entry; the same id that a consumer sees. */
    public static MessageId idAt(MessageId receipt, int index, int count) {
        return receipt instanceof MessageIdImpl entry
                ? new BatchMessageIdImpl(
                        entry.getLedgerId(), entry.getEntryId(), entry.getPartitionIndex(), index, count, null)
                : receipt;
    }
}
