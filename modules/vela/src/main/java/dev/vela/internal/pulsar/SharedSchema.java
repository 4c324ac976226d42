package dev.vela.internal.pulsar;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pulsar.client.api.EncodeData;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.schema.KeyValueSchema;
import org.apache.pulsar.client.api.schema.SchemaInfoProvider;
import org.apache.pulsar.client.impl.schema.AutoProduceBytesSchema;
import org.apache.pulsar.client.impl.schema.KeyValueSchemaImpl;
import org.apache.pulsar.common.schema.KeyValue;
import org.apache.pulsar.common.schema.KeyValueEncodingType;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.jspecify.annotations.Nullable;

/**
 * A schema of the application's, as all official producers of a handle share it.
 *
 * <p>It is told the topic of the handle, as by an official producer, though messages are encoded before there is one. It
 * outlives each producer: a client closes the schema of every producer that it closes, and that ends here, until
 * {@link #close}. Thread-safe as far as the application's schema is.
 */
public class SharedSchema<T> implements Schema<T> {
    /*
     * encode with a topic, decode with one, and closeAsync are not there before 4.2 of the client, nor is EncodeData. An older
     * one never calls them here, so they are never linked.
     */
    private final Schema<T> own;
    private final String topic;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean clientCloses;

    SharedSchema(Schema<T> own, String topic) {
        this.own = own;
        this.topic = topic;
    }

    /**
     * What producers of a handle must be given in place of its schema, and messages that have no other.
     *
     * @param whenKnown run, perhaps more than once, when one that has to be looked up is known; must not block
     */
    @SuppressWarnings("unchecked") // both are of bytes
    public static <T> Schema<T> ofHandle(Schema<T> schema, String topic, Runnable whenKnown) {
        return schema.getClass() == AutoProduceBytesSchema.class && !Draft.isKnown(schema)
                ? (Schema<T>) new LookedUpSchema<>(whenKnown)
                : of(schema, topic);
    }

    /** What messages of a handle must be given in place of a schema: itself, if it is the client's own. */
    @SuppressWarnings("unchecked") // a schema of pairs is told by its class
    public static <T> Schema<T> of(Schema<T> schema, String topic) {
        if (Draft.isOfTheClient(schema)) {
            return schema;
        }
        if (schema instanceof KeyValueSchemaImpl<?, ?> pair) {
            return (Schema<T>) ofPair(pair, topic); // the client casts to its own class
        }
        if (Draft.isByTheClient(schema) || schema instanceof AutoProduceBytesSchema) {
            return schema;
        }
        return schema instanceof KeyValueSchema<?, ?> pair
                ? (Schema<T>) new OfPairs<>(pair, topic)
                : new SharedSchema<>(schema, topic);
    }

    private static <K, V> Schema<KeyValue<K, V>> ofPair(KeyValueSchema<K, V> pair, String topic) {
        return Schema.KeyValue(
                of(pair.getKeySchema(), topic), of(pair.getValueSchema(), topic), pair.getKeyValueEncodingType());
    }

    /** Closes the application's schema if this client closes schemas: once, when none of the producers is left. */
    public static void close(Schema<?> schema) {
        if (schema instanceof SharedSchema<?> shared
                && shared.clientCloses
                && shared.closed.compareAndSet(false, true)) {
            shared.own.closeAsync();
        }
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        clientCloses = true;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public byte[] encode(T value) {
        return own.encode(value);
    }

    @Override
    public EncodeData encode(@Nullable String ignored, T value) {
        return own.encode(topic, value);
    }

    @Override
    public void validate(byte[] encoded) {
        own.validate(encoded);
    }

    @Override
    public boolean supportSchemaVersioning() {
        return own.supportSchemaVersioning();
    }

    @Override
    public void setSchemaInfoProvider(SchemaInfoProvider provider) {
        own.setSchemaInfoProvider(provider);
    }

    @Override
    public T decode(byte[] encoded) {
        return own.decode(encoded);
    }

    @Override
    public T decode(byte[] encoded, byte[] version) {
        return own.decode(encoded, version);
    }

    @Override
    public T decode(ByteBuffer encoded) {
        return own.decode(encoded);
    }

    @Override
    public T decode(ByteBuffer encoded, byte[] version) {
        return own.decode(encoded, version);
    }

    @Override
    public T decode(@Nullable String ofTopic, byte[] encoded, byte[] id) {
        return own.decode(ofTopic, encoded, id);
    }

    @Override
    public T decode(@Nullable String ofTopic, ByteBuffer encoded, byte[] id) {
        return own.decode(ofTopic, encoded, id);
    }

    @Override
    public SchemaInfo getSchemaInfo() {
        return own.getSchemaInfo();
    }

    @Override
    public boolean requireFetchingSchemaInfo() {
        return own.requireFetchingSchemaInfo();
    }

    @Override
    public void configureSchemaInfo(String ofTopic, String component, SchemaInfo info) {
        own.configureSchemaInfo(ofTopic, component, info);
    }

    @Override
    public Optional<Object> getNativeSchema() {
        return own.getNativeSchema();
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public Schema<T> clone() {
        return own.clone();
    }

    @Override
    public String toString() {
        return own.toString();
    }

    /** One of pairs that is not the client's. */
    private static final class OfPairs<K, V> extends SharedSchema<KeyValue<K, V>> implements KeyValueSchema<K, V> {
        private final Schema<K> keys;
        private final Schema<V> values;
        private final KeyValueEncodingType encodingType;

        OfPairs(KeyValueSchema<K, V> own, String topic) {
            super(own, topic);
            this.keys = of(own.getKeySchema(), topic);
            this.values = of(own.getValueSchema(), topic);
            this.encodingType = own.getKeyValueEncodingType();
        }

        @Override
        public Schema<K> getKeySchema() {
            return keys;
        }

        @Override
        public Schema<V> getValueSchema() {
            return values;
        }

        @Override
        public KeyValueEncodingType getKeyValueEncodingType() {
            return encodingType;
        }
    }
}
