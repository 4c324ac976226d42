package dev.vela.test;

import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.SchemaInfo;

/** A schema of an application that encodes nothing. */
final class Picky implements Schema<byte[]> {
    @Override
    public byte[] encode(byte[] message) {
        throw new IllegalArgumentException("too picky");
    }

    @Override
    public SchemaInfo getSchemaInfo() {
        return Schema.BYTES.getSchemaInfo();
    }

    @Override
    @SuppressWarnings("MissingSuperCall") // there is none
    public Schema<byte[]> clone() {
        return this;
    }
}
