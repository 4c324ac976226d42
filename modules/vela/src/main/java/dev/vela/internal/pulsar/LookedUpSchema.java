package dev.vela.internal.pulsar;

import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.schema.AutoProduceBytesSchema;

/**
 * {@code AUTO_PRODUCE_BYTES}, shared by the official producers of one handle: the schema that the topic had when the
 * first producer was created.
 *
 * <p>The client looks up the schema for every producer that it creates. The application encodes as before when a
 * successor is created, and the producers of other partitions still stamp messages with the version that they began
 * with.
 */
final class LookedUpSchema<T> extends AutoProduceBytesSchema<T> {
    private final Runnable whenKnown;

    /**
     * Creates a schema that is not known yet.
     *
     * @param whenKnown run on a thread of the client when values can be encoded
     */
    LookedUpSchema(Runnable whenKnown) {
        this.whenKnown = whenKnown;
    }

    /** Keeps the first schema that the client has looked up. */
    @Override
    public void setSchema(Schema<T> lookedUp) {
        setFirst(lookedUp);
        whenKnown.run();
    }

    private synchronized void setFirst(Schema<T> lookedUp) {
        if (!schemaInitialized()) {
            super.setSchema(lookedUp);
        }
    }
}
