package dev.vela.internal.pulsar;

import java.nio.ByteBuffer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.BatchMessageIdImpl;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.common.api.proto.MessageMetadata;

/**
 * Several messages in one entry, as every consumer unpacks them: each framed by the size of its metadata.
 *
 * <p>Filled under its owner's lock; not changed any more once it has been handed over.
 */
public final class EncodedBatch extends EncodedEntry {
    private final Schema<?> schema;
    private final EncodedMessage first;
    private ByteBuffer buffer;
    private int length;
    private int count;
    private long highestSequenceId = -1;

    /**
     * An empty batch.
     *
     * @param schema the very schema that the producer was created with: any other would be registered again
     * @param first the message that will be added first; the entry bears its key
     * @param buffer where to write
     */
    public EncodedBatch(Schema<?> schema, EncodedMessage first, ByteBuffer buffer) {
        this.schema = schema;
        this.first = first;
        this.buffer = buffer;
    }

    /** Writes to another buffer from now on. Returns the one so far, which nobody else has seen. */
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

    /** What was written to, to be used again once the entry is stored. */
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

    /** The id of the message at an index, from the receipt for the whole; the id that a consumer sees. */
    public static MessageId idAt(MessageId receipt, int index, int count) {
        return receipt instanceof MessageIdImpl entry
                ? new BatchMessageIdImpl(
                        entry.getLedgerId(), entry.getEntryId(), entry.getPartitionIndex(), index, count, null)
                : receipt;
    }
}
