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
 * An application's schema, shared by all official producers of a handle.
 *
 * <p>The schema gets the handle's topic, as from an official producer, though messages are encoded before a producer
 * exists. The schema outlives each producer: a client closes the schema of every producer that it closes, but this
 * class ignores such closes; only {@link #close} closes the application's schema. As thread-safe as the application's
 * schema.
 */
public class SharedSchema<T> implements Schema<T> {
    /*
     * Before client 4.2, encode and decode with a topic, closeAsync and EncodeData do not exist. An older client never
     * calls these methods, so they are never linked.
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
     * The replacement for a handle's schema, for its producers and for messages without another schema.
     *
     * @param whenKnown run, perhaps more than once, when a schema that has to be looked up is known; must not block
     */
    @SuppressWarnings("unchecked") // both are of bytes
    public static <T> Schema<T> ofHandle(Schema<T> schema, String topic, Runnable whenKnown) {
        return schema.getClass() == AutoProduceBytesSchema.class && !Schemas.isKnown(schema)
                ? (Schema<T>) new LookedUpSchema<>(whenKnown)
                : of(schema, topic);
    }

    /** The replacement for a schema of a handle's messages: the schema itself, if it is the client's own. */
    @SuppressWarnings("unchecked") // a schema of pairs is recognized by its class
    public static <T> Schema<T> of(Schema<T> schema, String topic) {
        if (Schemas.isOfTheClient(schema)) {
            return schema;
        }
        if (schema instanceof KeyValueSchemaImpl<?, ?> pair) {
            return (Schema<T>) ofPair(pair, topic); // the client casts to its own class
        }
        if (Schemas.isByTheClient(schema) || schema instanceof AutoProduceBytesSchema) {
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

    /** Closes the application's schema if this client closes schemas: once, when no producer is left. */
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

    /** A schema of pairs that is not the client's. */
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
