package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.EncodeData;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.SchemaInfo;

/** A schema as those of an outside registry are: encodes for a topic, and can do nothing once it is closed. */
final class RegistrySchema implements Schema<String> {
    final Queue<String> topics = new ConcurrentLinkedQueue<>();
    final AtomicInteger closings = new AtomicInteger();

    @Override
    public byte[] encode(String value) {
        throw new IllegalStateException("no topic to encode for");
    }

    @Override
    public EncodeData encode(String topic, String value) {
        if (closings.get() > 0) {
            throw new IllegalStateException("the registry's client is closed");
        }
        topics.add(String.valueOf(topic));
        return new EncodeData(value.getBytes(UTF_8));
    }

    @Override
    public String decode(byte[] bytes, byte[] version) {
        return new String(bytes, UTF_8);
    }

    @Override
    public String decode(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    @Override
    public SchemaInfo getSchemaInfo() {
        return Schema.STRING.getSchemaInfo();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        closings.incrementAndGet();
        return CompletableFuture.completedFuture(null);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public Schema<String> clone() {
        return this;
    }
}
