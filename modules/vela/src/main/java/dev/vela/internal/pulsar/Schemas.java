package dev.vela.internal.pulsar;

import java.util.Arrays;
import java.util.Objects;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.schema.AutoProduceBytesSchema;
import org.apache.pulsar.common.schema.SchemaInfo;

/** Whether two schemas are of the same messages. */
public final class Schemas {
    private Schemas() {}

    /**
     * Whether what one of them encodes the other could have encoded: the same class, type, definition and properties.
     * {@code AUTO_PRODUCE_BYTES} takes encoded values, and has no definition of its own.
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
        if (info == null || otherInfo == null) { // a schema of the application's may have none
            return info == otherInfo;
        }
        return info.getType() == otherInfo.getType()
                && Arrays.equals(info.getSchema(), otherInfo.getSchema())
                && Objects.equals(info.getProperties(), otherInfo.getProperties());
    }

    /** Its class, and its definition if it has one. */
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
