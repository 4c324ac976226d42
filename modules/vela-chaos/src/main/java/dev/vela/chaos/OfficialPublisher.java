package dev.vela.chaos;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SchemaSerializationException;
import org.apache.pulsar.client.api.TypedMessageBuilder;
import org.jspecify.annotations.Nullable;

/** Publishes with the official client, configured as by a careful user. */
final class OfficialPublisher implements Publisher {

    private static final long CREATE_RETRY_MILLIS = 500;

    private final PulsarClient client;
    private final Map<Destination, Producer<byte[]>> producers = new EnumMap<>(Destination.class);

    OfficialPublisher(ApplicationSettings settings) throws PulsarClientException, InterruptedException {
        ClientBuilder builder = PulsarClient.builder().serviceUrl(settings.serviceUrl());
        settings.customize(builder);
        // Vela configures its client with 3 s.
        builder.maxBackoffInterval(ApplicationSettings.LONGEST_BACKOFF.toSeconds(), TimeUnit.SECONDS);
        client = builder.build();
        for (Destination destination : Destination.values()) {
            producers.put(destination, create(settings, settings.topic(destination)));
        }
    }

    private Producer<byte[]> create(ApplicationSettings settings, String topic) throws InterruptedException {
        while (true) {
            try {
                ProducerBuilder<byte[]> builder = client.newProducer(Schema.BYTES);
                if (settings.setup().has(Dimension.CHUNKING)) { // which the client refuses together with batching
                    builder.enableChunking(true).chunkMaxMessageSize(ApplicationSettings.CHUNK_BYTES);
                }
                if (settings.setup().has(Dimension.ENCRYPTION)) {
                    builder.addEncryptionKey(KeyFiles.NAME).cryptoKeyReader(settings.keys());
                }
                return builder.topic(topic)
                        .enableBatching(settings.batching() && !settings.setup().has(Dimension.CHUNKING))
                        .sendTimeout(Math.toIntExact(MainWorkload.LONGEST_TIMEOUT.toMillis()), TimeUnit.MILLISECONDS)
                        .maxPendingMessages(ApplicationSettings.MAX_PENDING)
                        .blockIfQueueFull(true)
                        .autoUpdatePartitionsInterval(
                                Math.toIntExact(ApplicationSettings.LOOK_FOR_PARTITIONS.toSeconds()), TimeUnit.SECONDS)
                        .create();
            } catch (PulsarClientException e) {
                TimeUnit.MILLISECONDS.sleep(CREATE_RETRY_MILLIS);
            }
        }
    }

    @Override
    public void send(Outgoing message, BiConsumer<@Nullable MessageId, @Nullable Throwable> answer) {
        MessageId receipt;
        try {
            Producer<byte[]> producer = Objects.requireNonNull(producers.get(message.to()));
            TypedMessageBuilder<byte[]> builder =
                    message.poisoned() ? producer.newMessage(new PoisonSchema()) : producer.newMessage();
            builder.value(message.payload());
            String key = message.key();
            if (key != null) {
                builder.key(key);
            }
            if (message.way() != Way.BLOCKING) {
                builder.sendAsync().whenComplete(answer);
                return;
            }
            receipt = builder.send();
        } catch (PulsarClientException | RuntimeException e) {
            answer.accept(null, e);
            return;
        }
        answer.accept(receipt, null);
    }

    /** The client does not tell, so only failures that rule out storing count as not stored. */
    @Override
    public Answer.Kind kindOf(Throwable failure) {
        boolean certain = failure instanceof PulsarClientException.ProducerQueueIsFullError
                || failure instanceof PulsarClientException.MemoryBufferIsFullError
                || failure instanceof PulsarClientException.InvalidMessageException
                || failure instanceof SchemaSerializationException;
        return certain ? Answer.Kind.FAILED : Answer.Kind.UNKNOWN;
    }

    @Override
    public void recover() {
        // The client has no way to bring back a dead producer.
    }

    @Override
    public long held() {
        return 0; // the client does not tell
    }

    @Override
    public void close() throws PulsarClientException {
        client.shutdown();
    }
}
