package dev.vela.internal.pulsar;

import java.util.Arrays;
import java.util.Objects;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.schema.KeyValueSchema;
import org.apache.pulsar.client.impl.schema.AutoProduceBytesSchema;
import org.apache.pulsar.common.schema.SchemaInfo;

/** Tells whether a schema is the client's own, whether it can encode yet, and whether it is the same as another. */
public final class Schemas {
    private static final String CLIENT_SCHEMAS = "org.apache.pulsar.client.impl.schema";

    private Schemas() {}

    /** Whether a schema does nothing but encode values. */
    static boolean isOfTheClient(Schema<?> schema) {
        return schema instanceof KeyValueSchema<?, ?> pair
                ? isOfTheClient(pair.getKeySchema()) && isOfTheClient(pair.getValueSchema())
                : !(schema instanceof AutoProduceBytesSchema) && isByTheClient(schema);
    }

    /** Whether the schema's class comes with the client. */
    static boolean isByTheClient(Schema<?> schema) {
        return schema.getClass().getPackageName().startsWith(CLIENT_SCHEMAS);
    }

    /** Whether values can already be encoded: the client looks up some schemas before it creates the first producer. */
    public static boolean isKnown(Schema<?> schema) {
        return !(schema instanceof AutoProduceBytesSchema<?> lookedUp) || lookedUp.schemaInitialized();
    }

    /**
     * Whether each schema could have encoded the other's messages: same class, type, definition and properties.
     * {@code AUTO_PRODUCE_BYTES} takes encoded values, and has no definition.
     */
    public static boolean areSame(Schema<?> one, Schema<?> other) {
        if (one == other) {
            return true;
        }
        if (!one.getClass().equals(other.getClass())) {
            return false;
        }
        if (one instanceof AutoProduceBytesSchema) {
            return true;
        }
        SchemaInfo info = one.getSchemaInfo();
        SchemaInfo otherInfo = other.getSchemaInfo();
        if (info == null || otherInfo == null) { // an application's schema may have none
            return info == otherInfo;
        }
        return info.getType() == otherInfo.getType()
                && Arrays.equals(info.getSchema(), otherInfo.getSchema())
                && Objects.equals(info.getProperties(), otherInfo.getProperties());
    }

    /**
     * Whether one schema can take the place of the other without anybody noticing: it is the same object, or both are
     * the client's own, which do nothing but encode values, of the same definition.
     */
    public static boolean areInterchangeable(Schema<?> one, Schema<?> other) {
        return one == other || (isOfTheClient(one) && isOfTheClient(other) && areSame(one, other));
    }

    /** The schema's class, and its definition if it has one. */
    public static String text(Schema<?> schema) {
        String name = schema.getClass().getSimpleName();
        if (schema instanceof AutoProduceBytesSchema) {
            return name;
        }
        SchemaInfo info = schema.getSchemaInfo();
        String definition = info == null ? "" : info.getSchemaDefinition();
        return definition == null || definition.isEmpty() ? name : name + " of " + definition;
    }
}
