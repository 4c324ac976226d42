package dev.vela.internal.pulsar;

import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.client.impl.TypedMessageBuilderImpl;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.jspecify.annotations.Nullable;

/**
 * An encoded message, ready to be handed to an official producer, more than once if the first could not take it.
 *
 * <p>Handed over by one thread at a time. The official client keeps what it was given and changes it, so every attempt
 * after the first gets a message of its own.
 */
public final class OutgoingMessage {
    private final TypedMessageBuilderImpl<?> source;
    private final Schema<?> schema;
    private final int sizeInBytes;
    private @Nullable MessageImpl<?> first;

    OutgoingMessage(Message<?> first, TypedMessageBuilderImpl<?> source, Schema<?> schema) {
        this.first = (MessageImpl<?>) first;
        this.source = source;
        this.schema = schema;
        this.sizeInBytes = Draft.sizeOf(source.getMetadataBuilder(), source.getContent());
    }

    /** Payload and metadata, before compression. */
    public int sizeInBytes() {
        return sizeInBytes;
    }

    /** The key: a {@code String}, or a {@code byte[]} where it was given as bytes; null without one. */
    public @Nullable Object key() {
        return Draft.key(source.getMetadataBuilder());
    }

    /** Whether it has a key or an ordering key, so that {@link #affinity()} says something. */
    public boolean hasAffinity() {
        MessageMetadata metadata = source.getMetadataBuilder();
        return metadata.hasPartitionKey() || metadata.hasOrderingKey();
    }

    /** A hash of what the order inside a group hangs on: the key, or else the ordering key. */
    public int affinity() {
        return Draft.affinity(source.getMetadataBuilder());
    }

    /** The sequence id that the application chose, or -1. */
    public long chosenSequenceId() {
        MessageMetadata metadata = source.getMetadataBuilder();
        return metadata.hasSequenceId() ? metadata.getSequenceId() : -1;
    }

    MessageImpl<?> nextAttempt(long sequenceId) {
        MessageImpl<?> attempt = first;
        first = null;
        if (attempt == null) {
            attempt = MessageImpl.create(
                    source.getMetadataBuilder(), source.getContent().duplicate(), schema, null);
        }
        attempt.getMessageBuilder().setSequenceId(sequenceId);
        return attempt;
    }
}
