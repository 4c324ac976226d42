package dev.vela.internal.pulsar;

import java.util.Arrays;
import java.util.Objects;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.schema.AutoProduceBytesSchema;
import org.apache.pulsar.common.schema.SchemaInfo;

/** Compares schemas: whether two schemas describe the same messages. */
public final class Schemas {
    private Schemas() {}

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
