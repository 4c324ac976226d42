package dev.vela.internal.pulsar;

import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.schema.AutoProduceBytesSchema;

/**
 * {@code AUTO_PRODUCE_BYTES} as the official producers of one handle share it: the schema that the topic had when the first
 * of them was created.
 *
 * <p>The client looks the schema up for every producer that it creates. The application encodes as before when a successor
 * is created, and the producers of other partitions go on to stamp messages with the version that they began with.
 */
final class LookedUpSchema<T> extends AutoProduceBytesSchema<T> {

    /** Takes the first of those that the client has looked up. */
    @Override
    public synchronized void setSchema(Schema<T> lookedUp) {
        if (!schemaInitialized()) {
            super.setSchema(lookedUp);
        }
    }
}
