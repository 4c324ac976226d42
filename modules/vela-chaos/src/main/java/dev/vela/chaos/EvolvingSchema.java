package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;

/** Bytes as they are, under the definition of a record that has versions. */
final class EvolvingSchema implements Schema<byte[]> {

    /** The definition to begin with. */
    static final EvolvingSchema FIRST = new EvolvingSchema("{\"name\":\"a\",\"type\":\"string\"}");

    /** One that is compatible with the first: a field more, with a default. */
    static final EvolvingSchema SECOND = new EvolvingSchema(
            "{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":[\"null\",\"string\"],\"default\":null}");

    /** One that is not: a field has another type. */
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
