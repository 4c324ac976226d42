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

    private static final int METADATA_ROOM = 4 * 1024; // name, schema version, and above all encryption keys
    private static final int FIELDS_ROOM = 128;
    private static final int MOST_BYTES_OF_A_CHARACTER = 3;
    private static final int GROWTH_SHIFT = 6; // incompressible data grows by less than a 64th

    private final ProducerImpl<?> producer;
    private final Schema<?> schema;
    private final ProducerConfigurationData configuration;
    private final boolean chunks;
    private final int chunkBytes;
    private final long lastSequenceId;
    private final Set<SchemaHash> registered =
            ConcurrentHashMap.newKeySet(); // other schemas that the client already knows
    private volatile long epoch; // the last epoch granted; -1 if access is shared, or if the epoch is not accessible

    /**
     * Creates a publisher over a producer that has just been created.
     *
     * @param schema the same schema object that the producer was created with
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
     * No consumer can reassemble a batch that was cut into chunks: consumers take every chunk for a batch. The client
     * cuts an entry by its configuration at the time of the call, and by the limit of the connection, which may change
     * at any time. So chunking is turned off in the client's configuration during the call with a batch; then the
     * client refuses a batch that is too large. The client also reads this setting under its monitor, on its own
     * threads.
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
        SchemaHash newSchema = chunks ? newSchema(entry) : null;
        if (newSchema != null && mayBeCut(entry)) {
            return CompletableFuture.failedFuture(new Refusal(new PulsarClientException.InvalidMessageException(
                    "a message that is cut into chunks, and has another schema than its producer's, can be sent once a"
                            + " smaller one with that schema has been stored through the same producer")));
        }
        MessageImpl<?> message = entry.nextAttempt(sequenceId);
        CompletableFuture<MessageId> receipt = producer.sendAsync(message);
        if (receipt.isCompletedExceptionally()) {
            return explained(receipt, entry, message);
        }
        if (newSchema == null && epoch < 0) {
            return receipt;
        }
        return receipt.whenComplete((id, failure) -> { // part of the receipt: its followers find the schema registered
            if (newSchema != null && failure == null) {
                registered.add(newSchema);
            }
            keepEpoch();
        });
    }

    /** The schema of an entry, if the client must register it first; otherwise null. */
    private @Nullable SchemaHash newSchema(EncodedEntry entry) {
        if (entry.schema() == schema) {
            return null;
        }
        SchemaHash hash = SchemaHash.of(entry.schema());
        return registered.contains(hash) ? null : hash;
    }

    /*
     * The client checks the size of an entry before queueing it, but not if it must register the entry's schema first.
     * Then it checks later, and an entry that is too large stays in its queue, and is sent after all on the next
     * connection. Only the client knows the size of compressed entries.
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
     * If the client must register a message's schema first, the chunks are stored in a form that no consumer can
     * reassemble. The client decides whether to cut a message only after compressing it, so a message that may be cut
     * is treated as one that will be.
     */
    private boolean mayBeCut(EncodedEntry entry) {
        int limit = Math.min(chunkBytes, producer.getConnectionHandler().getMaxMessageSize());
        return entry instanceof EncodedMessage message && message.sizeInBytes() + roomOfOtherSchema() > limit;
    }

    /** The room for fields that the client adds to a message: producer name, times and sizes, schema version, keys. */
    private int roomOfOtherSchema() {
        int name = producer.getProducerName().length() * MOST_BYTES_OF_A_CHARACTER;
        return FIELDS_ROOM + name + (configuration.isEncryptionEnabled() ? METADATA_ROOM : 0);
    }

    /**
     * Tells a refusal from a failure. The client sets the producer name before it queues a message. Between the two
     * come only encryption, and the size check if the schema is the producer's own.
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

    @Override
    public @Nullable String broker() {
        return BrokerAddress.of(producer);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The client hides its state, but checks it before it looks at a message. So a message that claims to have been
     * published before is refused with {@code InvalidMessageException} by a producer that may still send, and with the
     * true cause by a producer that may not. The probe enters below the level where the client counts messages and
     * calls interceptors, so neither sees it.
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

    /** Receives the failure of a message that the client refuses within the call. */
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
     * Sets the access mode for reconnects. The producer then presents the epoch that it was granted: with fencing it
     * removes its own ghost at the broker, but not a producer that came later.
     */
    public OfficialProducer reconnectingWith(ProducerAccessMode accessMode) {
        configuration.setAccessMode(accessMode);
        return this;
    }

    /*
     * After a send error the client reconnects over its existing connection. If the broker still has the producer, it
     * answers without the epoch, and the client forgets its own. On the next reconnect the broker would take it for a
     * new producer, and it would fence others. So every look at the client, and every receipt, restores its epoch.
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
     * The receipt with the partition in it, as the official partitioned producer gives it. A producer that was created
     * by the name of a partition does not know the partition's index.
     *
     * <p>When chunks are sent again, the broker drops only the last chunk, as a duplicate, and reports this while it
     * still stores the others. All chunks have the same sequence id, so the client may take that report for the receipt
     * of the first chunk, and another chunk's receipt for that of the last. So if the first chunk has no place, neither
     * has the message: it was stored before, and its place is unknown.
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
