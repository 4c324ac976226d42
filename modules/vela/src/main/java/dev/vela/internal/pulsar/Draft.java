package dev.vela.internal.pulsar;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TypedMessageBuilder;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.apache.pulsar.client.impl.ProducerBase;
import org.apache.pulsar.client.impl.TypedMessageBuilderImpl;
import org.apache.pulsar.client.impl.transaction.TransactionImpl;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A message under construction.
 *
 * <p>The official builder does the work, without a producer: it knows how each schema, key and null is encoded in the
 * version of the client that is on the class path. Not thread-safe.
 */
public final class Draft<T> {
    private final TypedMessageBuilderImpl<T> builder;
    private final Schema<T> schema;

    /** An empty message, in a transaction if one is given. */
    public Draft(Schema<T> schema, @Nullable Transaction transaction) {
        this.schema = schema;
        this.builder = new TypedMessageBuilderImpl<>((ProducerBase<?>) null, schema, (TransactionImpl) transaction);
    }

    /** The official builder, for its setters only. */
    public TypedMessageBuilder<T> setters() {
        return builder;
    }

    /**
     * Encodes the value.
     *
     * @throws RuntimeException what the schema throws for a value that it cannot encode
     */
    public OutgoingMessage encode() {
        return new OutgoingMessage(builder.getMessage(), builder, schema);
    }

    static int sizeOf(MessageMetadata metadata, ByteBuffer content) {
        return content.remaining() + metadata.getSerializedSize();
    }

    /** The key as the official client's router sees it: the text, or the bytes where it was given as bytes. */
    static @Nullable Object key(MessageMetadata metadata) {
        if (!metadata.hasPartitionKey()) {
            return null;
        }
        String key = metadata.getPartitionKey();
        return metadata.isPartitionKeyB64Encoded() ? Base64.getDecoder().decode(key) : key;
    }

    /** What the order inside a group hangs on: the key, else the ordering key; 0 and false where there is neither. */
    static int affinity(MessageMetadata metadata) {
        if (metadata.hasPartitionKey()) {
            return metadata.getPartitionKey().hashCode();
        }
        return Arrays.hashCode(metadata.getOrderingKey());
    }
}
