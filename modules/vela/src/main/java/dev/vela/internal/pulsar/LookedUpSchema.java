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
    private final Runnable whenKnown;

    /**
     * Creates one that is not known yet.
     *
     * @param whenKnown run on a thread of the client when values can be encoded
     */
    LookedUpSchema(Runnable whenKnown) {
        this.whenKnown = whenKnown;
    }

    /** Takes the first of those that the client has looked up. */
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
