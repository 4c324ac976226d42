package dev.vela.internal.runtime;

import dev.vela.internal.pulsar.Draft;
import dev.vela.internal.pulsar.Interceptors;
import dev.vela.internal.pulsar.SharedSchema;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of the application's code sees each message of a handle before it is sent: its schema, and its interceptors.
 *
 * <p>One for each handle that is started, shared by all of its official producers, which come and go. Thread-safe.
 */
public final class Hooks<T> {
    private static final Logger log = LoggerFactory.getLogger(Hooks.class);

    private final String topic;
    private final Schema<T> given;
    private final Schema<T> schema;
    private final AtomicReference<@Nullable Interceptors> interceptors = new AtomicReference<>();
    private final CompletableFuture<@Nullable Void> waiting = new CompletableFuture<>();
    private volatile boolean known;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Other<?> lastOther;

    /** A schema of some message's, and what stands in for it. */
    private record Other<V>(Schema<V> given, Schema<V> shared) {}

    /**
     * Creates those of a handle.
     *
     * @param topic as the application gave it, without partition if the handle has several
     */
    public Hooks(Schema<T> given, String topic) {
        this.topic = topic;
        this.given = given;
        this.schema = SharedSchema.ofHandle(given, topic, this::lookAgain);
    }

    public String topic() {
        return topic;
    }

    /** What producers are created with, and messages: the client takes any other object for another schema. */
    public Schema<T> schema() {
        return schema;
    }

    /** What stands in for a schema that a message is given. */
    @SuppressWarnings("unchecked") // the same object has the same type
    public <V> Schema<V> shared(Schema<V> ofMessage) {
        if (ofMessage == (Schema<?>) given) {
            return (Schema<V>) schema;
        }
        Other<?> last = lastOther;
        if (last != null && last.given == (Schema<?>) ofMessage) {
            return (Schema<V>) last.shared;
        }
        Schema<V> shared = SharedSchema.of(ofMessage, topic);
        lastOther = new Other<>(ofMessage, shared);
        return shared;
    }

    /** There is no customizer, so there are no interceptors. */
    public void hasNoCustomizer() {
        learn(Interceptors.NONE);
    }

    /** The customizer has seen a builder: what it gave to the first one sees all messages, and no official producer has any. */
    public void learn(ProducerBuilder<T> customized) {
        learn(Interceptors.takeFrom(customized));
    }

    private void learn(Interceptors found) {
        if (interceptors.compareAndSet(null, found) && closed.get()) {
            closeInterceptors(); // the customizer was slower than all of the handle's life
        }
        lookAgain();
    }

    /** Something has happened that may have made them known, such as the creation of a producer. */
    public void lookAgain() {
        if (interceptors.get() != null && Draft.isKnown(schema)) {
            known = true;
            waiting.complete(null);
        }
    }

    /** Whether messages can be encoded, and shown to the interceptors. */
    public boolean isKnown() {
        return known;
    }

    /** Whether messages have to be shown to nobody, and their values can be encoded. Never changes from true. */
    public boolean areNone() {
        return isKnown() && interceptors().isEmpty();
    }

    /** The interceptors. Only once they are known. */
    public Interceptors interceptors() {
        Interceptors found = interceptors.get();
        return found == null ? Interceptors.NONE : found;
    }

    /** Waits until they are known, or closed, or for as long as the given time. */
    public void await(Duration atMost) throws InterruptedException {
        try {
            waiting.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.debug("{}: not known after {}", topic, atMost, e);
        }
    }

    /** Nobody needs to wait for them any more. */
    public void endWaiting() {
        waiting.complete(null);
    }

    /** The handle has stopped, and all answers have been told, or never was: closes interceptors and schema, once. */
    public void close() {
        endWaiting();
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        closeInterceptors();
        try {
            SharedSchema.close(schema);
        } catch (Throwable e) {
            log.warn("{}: the schema could not be closed", topic, e);
        }
    }

    private void closeInterceptors() {
        try {
            interceptors().close();
        } catch (Throwable e) {
            log.warn("{}: an interceptor could not be closed", topic, e);
        }
    }
}
