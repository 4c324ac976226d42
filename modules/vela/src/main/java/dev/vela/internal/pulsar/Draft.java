package dev.vela.internal.pulsar;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TypedMessageBuilder;
import org.apache.pulsar.client.api.schema.KeyValueSchema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.apache.pulsar.client.impl.ProducerBase;
import org.apache.pulsar.client.impl.TypedMessageBuilderImpl;
import org.apache.pulsar.client.impl.transaction.TransactionImpl;
import org.apache.pulsar.common.api.proto.KeyValue;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A message under construction. Not thread-safe. The schema is not used before {@link #encode}.
 *
 * <p>The draft keeps the fields that most messages carry. The official builder, used without a producer, handles
 * everything that concerns more than the message, or is encoded in a way that only the client version on the class path
 * knows: transactions, delays, replication, and schemas other than the client's own plain ones.
 */
public final class Draft<T> {
    final Schema<T> schema;
    private @Nullable T value;

    @Nullable
    String key;

    boolean keyIsBase64;
    boolean nullKey;
    byte @Nullable [] orderingKey;
    private @Nullable List<String> properties;
    private boolean arePropertiesTaken; // by a message; later properties are not part of it
    private @Nullable List<String> ownProperties; // without those that observers add to one message
    long eventTime = PlainMessage.NO_EVENT_TIME;
    long sequenceId = EncodedEntry.NO_SEQUENCE_ID;
    private @Nullable TypedMessageBuilderImpl<T> official; // replaces all other fields

    /**
     * Encodes a message with only a value. Passes on the exception that the schema throws for a value that it cannot
     * encode.
     */
    public static <T> EncodedMessage of(Schema<T> schema, @Nullable T value) {
        return value == null
                ? new Draft<>(schema, null, true).encode()
                : new ValueMessage(schema, schema.encode(value));
    }

    /** Whether messages of a schema do not need the official builder, so that {@link #of} is enough. */
    public static boolean isPlain(Schema<?> schema) {
        return !(schema instanceof KeyValueSchema) && Schemas.isOfTheClient(schema);
    }

    /**
     * Creates an empty message, in a transaction if one is given.
     *
     * @param isPlain the result of {@link #isPlain} for the schema
     */
    public Draft(Schema<T> schema, @Nullable Transaction transaction, boolean isPlain) {
        this.schema = schema;
        if (transaction != null || !isPlain) {
            official = new TypedMessageBuilderImpl<>((ProducerBase<?>) null, schema, (TransactionImpl) transaction);
        }
    }

    /** The official builder, for fields without a setter in the draft. */
    public TypedMessageBuilder<T> official() {
        TypedMessageBuilderImpl<T> builder = official;
        if (builder == null) {
            builder = new TypedMessageBuilderImpl<>((ProducerBase<?>) null, schema);
            replay(builder);
            official = builder;
        }
        return builder;
    }

    private void replay(TypedMessageBuilderImpl<T> builder) {
        if (orderingKey != null) {
            builder.orderingKey(orderingKey);
        }
        List<String> pairs = properties();
        for (int i = 0; i < pairs.size(); i += 2) {
            builder.property(pairs.get(i), pairs.get(i + 1));
        }
        if (eventTime != PlainMessage.NO_EVENT_TIME) {
            builder.eventTime(eventTime);
        }
        if (sequenceId != EncodedEntry.NO_SEQUENCE_ID) {
            builder.sequenceId(sequenceId);
        }
    }

    /** Copies key and value, which need the schema. */
    private void replayEncoded(TypedMessageBuilderImpl<T> builder) {
        MessageMetadata metadata = builder.getMetadataBuilder();
        if (key != null) {
            metadata.setPartitionKey(key).setPartitionKeyB64Encoded(keyIsBase64);
        }
        if (nullKey) {
            metadata.setNullPartitionKey(true);
        }
        builder.value(value);
    }

    List<String> properties() {
        return properties == null ? List.of() : properties;
    }

    public void value(@Nullable T newValue) {
        value = newValue;
    }

    public void key(@Nullable String newKey) {
        if (official != null && schema instanceof KeyValueSchema) {
            official.key(newKey); // which knows whether a key is allowed
        } else if (newKey == null) {
            nullKey = true;
        } else {
            key = newKey;
            keyIsBase64 = false;
        }
    }

    public void keyBytes(byte @Nullable [] newKey) {
        if (official != null && schema instanceof KeyValueSchema) {
            official.keyBytes(newKey);
        } else if (newKey == null) {
            nullKey = true;
        } else {
            key = Base64.getEncoder().encodeToString(newKey);
            keyIsBase64 = true;
        }
    }

    public void orderingKey(byte[] newKey) {
        if (official != null) {
            official.orderingKey(newKey);
        } else {
            orderingKey = newKey;
        }
    }

    public void property(String name, String text) {
        if (official != null) {
            official.property(name, text);
            return;
        }
        List<String> pairs = properties;
        if (pairs == null || arePropertiesTaken) {
            pairs = new ArrayList<>(properties());
            properties = pairs;
            arePropertiesTaken = false;
        }
        pairs.add(name);
        pairs.add(text);
    }

    /** The property of this name; null if there is none. */
    public @Nullable String property(String name) {
        TypedMessageBuilderImpl<T> builder = official;
        if (builder != null) {
            return builder.getMetadataBuilder().getPropertiesList().stream()
                    .filter(pair -> pair.getKey().equals(name))
                    .map(KeyValue::getValue)
                    .reduce((earlier, later) -> later)
                    .orElse(null);
        }
        List<String> pairs = properties();
        for (int i = pairs.size() - 2; i >= 0; i -= 2) {
            if (pairs.get(i).equals(name)) {
                return pairs.get(i + 1);
            }
        }
        return null;
    }

    /** Begins to collect properties for one message only. */
    public void beginObserved() {
        TypedMessageBuilderImpl<T> builder = official;
        if (builder != null) {
            List<String> pairs = new ArrayList<>();
            builder.getMetadataBuilder().getPropertiesList().forEach(pair -> {
                pairs.add(pair.getKey());
                pairs.add(pair.getValue());
            });
            ownProperties = pairs;
        } else {
            ownProperties = properties();
            arePropertiesTaken = true; // additions go to a copy
        }
    }

    /** Drops the properties that were for one message only: the draft may be sent again. */
    public void endObserved() {
        List<String> own = ownProperties;
        TypedMessageBuilderImpl<T> builder = official;
        if (own == null) {
            return;
        }
        ownProperties = null;
        if (builder != null) {
            builder.getMetadataBuilder().clearProperties();
            for (int i = 0; i < own.size(); i += 2) {
                builder.property(own.get(i), own.get(i + 1));
            }
        } else {
            properties = own.isEmpty() ? null : own;
            arePropertiesTaken = true;
        }
    }

    public void eventTime(long milliseconds) {
        if (official != null || milliseconds == PlainMessage.NO_EVENT_TIME) {
            official().eventTime(milliseconds);
        } else {
            eventTime = milliseconds;
        }
    }

    public void sequenceId(long id) {
        if (official != null) {
            official.sequenceId(id);
        } else {
            sequenceId = id;
        }
    }

    /**
     * Encodes the value.
     *
     * @throws RuntimeException as thrown by the schema for a value that it cannot encode
     */
    public EncodedMessage encode() {
        if (official != null) {
            replayEncoded(official);
            return new OfficialMessage(official, schema);
        }
        T toEncode = value;
        byte[] encoded = toEncode == null ? null : schema.encode(toEncode);
        String onlyKey = key;
        arePropertiesTaken = true;
        return onlyKey != null && encoded != null && hasOnlyKey()
                ? new KeyedMessage(schema, onlyKey, encoded)
                : new PlainMessage(this, encoded);
    }

    private boolean hasOnlyKey() {
        return !keyIsBase64
                && !nullKey
                && orderingKey == null
                && properties == null
                && eventTime == PlainMessage.NO_EVENT_TIME
                && sequenceId == EncodedEntry.NO_SEQUENCE_ID;
    }
}
