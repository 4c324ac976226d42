package dev.vela.chaos;

import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SchemaSerializationException;
import org.apache.pulsar.common.schema.SchemaInfo;

/** A schema that fails to encode any message. */
final class PoisonSchema implements Schema<byte[]> {

    @Override
    public byte[] encode(byte[] message) {
        throw new SchemaSerializationException("poisoned");
    }

    @Override
    public SchemaInfo getSchemaInfo() {
        return Schema.BYTES.getSchemaInfo();
    }

    @Override
    public Schema<byte[]> clone() {
        return this;
    }
}
