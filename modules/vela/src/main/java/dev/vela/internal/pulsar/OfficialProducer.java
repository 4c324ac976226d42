package dev.vela.internal.pulsar;

import dev.vela.SupervisedProducer;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.ChunkMessageIdImpl;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.client.impl.OpSendMsgStats;
import org.apache.pulsar.client.impl.ProducerImpl;
import org.apache.pulsar.client.impl.SendCallback;
import org.apache.pulsar.client.impl.conf.ProducerConfigurationData;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.apache.pulsar.common.protocol.schema.SchemaHash;
import org.jspecify.annotations.Nullable;

/** An {@link EntryPublisher} over the official client's producer of a topic without partitions, or of one partition. */
public final class OfficialProducer implements EntryPublisher {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private static final int METADATA_ROOM = 4 * 1024; // name, schema version, and above all the keys of an encryption
    private static final int FIELDS_ROOM = 128;
    private static final int MOST_BYTES_OF_A_CHARACTER = 3;
    private static final int GROWTH_SHIFT = 6; // what cannot be compressed grows by less than a 64th

    private final ProducerImpl<?> producer;
    private final Schema<?> schema;
    private final ProducerConfigurationData configuration;
    private final boolean chunks;
    private final int chunkBytes;
    private final long lastSequenceId;
    private final Set<SchemaHash> registered =
            ConcurrentHashMap.newKeySet(); // other schemas that the client knows by now
    private volatile long
            epoch; // the last that it was granted; -1 if others are not kept out, or if it cannot be found out

    /**
     * Wraps a producer that has just been created.
     *
     * @param schema the very one that it was created with
     */
    public OfficialProducer(Producer<?> producer, Schema<?> schema) {
        this.producer = (ProducerImpl<?>) producer;
        this.schema = schema;
        this.configuration = this.producer.getConfiguration();
        this.chunks = configuration.isChunkingEnabled();
        this.chunkBytes = chunks && configuration.getChunkMaxMessageSize() > 0
                ? withRoomToGrow(configuration.getChunkMaxMessageSize())
                : Integer.MAX_VALUE;
        this.lastSequenceId = producer.getLastSequenceId();
        this.epoch = configuration.getAccessMode() == ProducerAccessMode.Shared ? -1 : TopicEpoch.of(this.producer);
    }

    private static int withRoomToGrow(int bytes) {
        return bytes - (bytes >> GROWTH_SHIFT);
    }

    @Override
    public CompletableFuture<MessageId> publish(EncodedEntry entry, long sequenceId) {
        return chunks && entry.isBatch() ? publishWhole(entry, sequenceId) : publishAsIs(entry, sequenceId);
    }

    /*
     * No consumer puts a batch together again that was cut into chunks: each takes every chunk for a batch. The client
     * cuts by what it finds in its configuration while it is given an entry, and by the limit of the connection, which
     * may change at any moment. So for as long as it is given a batch, its configuration says that it does not chunk;
     * then it refuses what is too large. It looks at that under its monitor, too, on threads of its own.
     */
    private CompletableFuture<MessageId> publishWhole(EncodedEntry batch, long sequenceId) {
        synchronized (producer) {
            configuration.setChunkingEnabled(false);
            try {
                return publishAsIs(batch, sequenceId);
            } finally {
                configuration.setChunkingEnabled(true);
            }
        }
    }

    private CompletableFuture<MessageId> publishAsIs(EncodedEntry entry, long sequenceId) {
        if (mayBeFoundTooLargeInTheQueue(entry)) {
            return CompletableFuture.failedFuture(new Refusal(new PulsarClientException.InvalidMessageException(
                    "a message with another schema than its producer's must be smaller than the limit of an entry, "
                            + producer.getConnectionHandler().getMaxMessageSize() + " bytes, by " + roomOfOtherSchema()
                            + " bytes of metadata")));
        }
        boolean isNewSchema = chunks && entry.schema() != schema && !registered.contains(SchemaHash.of(entry.schema()));
        if (isNewSchema && mayBeCut(entry)) {
            return CompletableFuture.failedFuture(new Refusal(new PulsarClientException.InvalidMessageException(
                    "a message that is cut into chunks, and has another schema than its producer's, can be sent once a"
                            + " smaller one with that schema has been stored through the same producer")));
        }
        MessageImpl<?> message = entry.nextAttempt(sequenceId);
        CompletableFuture<MessageId> receipt = producer.sendAsync(message);
        if (receipt.isCompletedExceptionally()) {
            return explained(receipt, entry, message);
        }
        if (isNewSchema) {
            SchemaHash hash = SchemaHash.of(entry.schema());
            receipt.thenRun(() -> registered.add(hash));
        }
        return epoch < 0 ? receipt : receipt.whenComplete((id, failure) -> keepEpoch());
    }

    /*
     * The client looks at the size of an entry before it queues it, but not if it must register its schema first: then it
     * looks later, and what is too large stays in its queue, and is sent after all when it next connects.
     * What it compresses, only the client knows the size of.
     */
    private boolean mayBeFoundTooLargeInTheQueue(EncodedEntry entry) {
        return entry.schema() != schema
                && entry instanceof EncodedMessage message
                && !chunks
                && configuration.getCompressionType() == CompressionType.NONE
                && message.sizeInBytes() + roomOfOtherSchema()
                        > producer.getConnectionHandler().getMaxMessageSize();
    }

    /*
     * The chunks of a message whose schema the client must register first are stored so that no consumer can put them
     * together again. Whether it is cut is the client's to say, after it has compressed it: so a message that could be is
     * taken for one that is.
     */
    private boolean mayBeCut(EncodedEntry entry) {
        int limit = Math.min(chunkBytes, producer.getConnectionHandler().getMaxMessageSize());
        return entry instanceof EncodedMessage message && message.sizeInBytes() + roomOfOtherSchema() > limit;
    }

    /** What the client adds to a message: the name of its producer, times and sizes, the schema's version, keys. */
    private int roomOfOtherSchema() {
        int name = producer.getProducerName().length() * MOST_BYTES_OF_A_CHARACTER;
        return FIELDS_ROOM + name + (configuration.isEncryptionEnabled() ? METADATA_ROOM : 0);
    }

    /**
     * Tells a refusal from a failure. The client sets its name before it queues a message, and what follows until then is
     * encryption, and the size if the schema is its own.
     */
    private CompletableFuture<MessageId> explained(
            CompletableFuture<MessageId> receipt, EncodedEntry entry, MessageImpl<?> message) {
        Throwable failure = Failures.of(receipt);
        boolean isRefused = !message.getMessageBuilder().hasProducerName()
                || failure instanceof PulsarClientException.MemoryBufferIsFullError
                || failure instanceof PulsarClientException.CryptoException
                || (failure instanceof PulsarClientException.InvalidMessageException && entry.schema() == schema);
        return failure != null && isRefused ? CompletableFuture.failedFuture(new Refusal(failure)) : receipt;
    }

    @Override
    public int maxBatchBytes() {
        int entry = producer.getConnectionHandler().getMaxMessageSize();
        return Math.min(chunkBytes, withRoomToGrow(entry) - METADATA_ROOM);
    }

    @Override
    public boolean isConnected() {
        keepEpoch();
        return producer.isConnected();
    }

    /**
     * {@inheritDoc}
     *
     * <p>The client hides its state. It checks it, however, before it looks at a message: one that claims to have been
     * published before is refused with {@code InvalidMessageException} by a producer that may yet send, and with the
     * true cause by one that may not. It is asked below where it counts messages and calls interceptors: neither sees it.
     */
    @Override
    public @Nullable Throwable terminalCause() {
        MessageMetadata published = new MessageMetadata();
        published.setProducerName("probe").setPublishTime(1).setSequenceId(0);
        ProbeAnswer answer = new ProbeAnswer();
        producer.sendAsync(MessageImpl.create(published, EMPTY.duplicate(), Schema.BYTES, null), answer);
        Throwable failure = answer.cause;
        return failure instanceof PulsarClientException.InvalidMessageException ? null : failure;
    }

    /** What the client says of a message that it refuses within the call. */
    private static final class ProbeAnswer implements SendCallback {
        private final CompletableFuture<MessageId> none = new CompletableFuture<>();
        private volatile @Nullable Throwable cause;

        @Override
        public void sendComplete(@Nullable Throwable failure, @Nullable OpSendMsgStats stats) {
            cause = failure;
        }

        @Override
        public void addCallback(MessageImpl<?> message, SendCallback next) {
            throw new IllegalStateException("a probe shares no entry");
        }

        @Override
        public @Nullable SendCallback getNextSendCallback() {
            return null;
        }

        @Override
        public @Nullable MessageImpl<?> getNextMessage() {
            return null;
        }

        @Override
        public CompletableFuture<MessageId> getFuture() {
            return none;
        }
    }

    @Override
    public long lastSequenceId() {
        return lastSequenceId;
    }

    @Override
    public long topicEpoch() {
        keepEpoch();
        return epoch;
    }

    /**
     * Makes it ask for this when it reconnects. It has the epoch that it was granted then: with fencing it gets rid of what
     * the broker still has of itself, and not of somebody who came later.
     */
    public OfficialProducer reconnectingWith(ProducerAccessMode accessMode) {
        configuration.setAccessMode(accessMode);
        return this;
    }

    /*
     * After an error of a send the client reconnects over the connection that it has. The broker, where it has the producer
     * still, says so without the epoch, and the client forgets its own: the next time it would be taken for a new producer,
     * and fence others. Whenever the client is looked at, or tells something, it gets its epoch back.
     */
    private void keepEpoch() {
        long last = epoch;
        if (last < 0) {
            return;
        }
        long now = TopicEpoch.of(producer);
        if (now > last) {
            epoch = now;
        } else if (now < 0) {
            TopicEpoch.restore(producer, last);
        }
    }

    @Override
    public long lastDisconnected() {
        return producer.getLastDisconnectedTimestamp();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return producer.closeAsync();
    }

    /**
     * The receipt with the partition in it, as the official partitioned producer gives it. A producer that was asked for
     * by the name of a partition does not know its index.
     *
     * <p>Of chunks that are sent again the broker drops the last alone, as a duplicate, and says so while it still stores the
     * others. The chunks have one sequence id, so the client may take that for the receipt of the first, and that of another
     * for the last. So where the first is nowhere, the message is: it was stored before, and its place is not known.
     */
    public static MessageId withPartition(MessageId receipt, int partition) {
        if (receipt instanceof ChunkMessageIdImpl chunked) {
            MessageIdImpl first = (MessageIdImpl) chunked.getFirstChunkMessageId();
            if (SupervisedProducer.isDuplicate(first)) {
                return at(partition, first);
            }
            return partition < 0 ? receipt : new ChunkMessageIdImpl(at(partition, first), at(partition, chunked));
        }
        return partition >= 0 && receipt instanceof MessageIdImpl id ? at(partition, id) : receipt;
    }

    private static MessageIdImpl at(int partition, MessageIdImpl id) {
        return new MessageIdImpl(id.getLedgerId(), id.getEntryId(), partition);
    }
}
