package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

/** A schema of raw bytes whose definition is a record with several versions. */
final class EvolvingSchema implements Schema<byte[]> {

    /** The first version. */
    static final EvolvingSchema FIRST = new EvolvingSchema("{\"name\":\"a\",\"type\":\"string\"}");

    /** A version that is compatible with the first: it adds a field with a default. */
    static final EvolvingSchema SECOND = new EvolvingSchema(
            "{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":[\"null\",\"string\"],\"default\":null}");

    /** A version that is not compatible: a field has another type. */
    static final EvolvingSchema INCOMPATIBLE = new EvolvingSchema("{\"name\":\"a\",\"type\":\"double\"}");

    private final SchemaInfo info;

    private EvolvingSchema(String fields) {
        info = SchemaInfo.builder()
                .name("Chaos")
                .type(SchemaType.AVRO)
                .schema(("{\"type\":\"record\",\"name\":\"Chaos\",\"fields\":[" + fields + "]}").getBytes(UTF_8))
                .build();
    }

    @Override
    public byte[] encode(byte[] message) {
        return message;
    }

    @Override
    public SchemaInfo getSchemaInfo() {
        return info;
    }

    @Override
    public Schema<byte[]> clone() {
        return this;
    }
}
