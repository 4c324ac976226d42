package dev.vela.internal.runtime;

import dev.vela.internal.pulsar.Interceptors;
import dev.vela.internal.pulsar.Schemas;
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
 * The application's code that sees each message of a handle before it is sent: the schema and the interceptors.
 *
 * <p>One instance per started handle, shared by all of its official producers, which come and go. Thread-safe.
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

    /** A schema given with a message, and its stand-in. */
    private record Other<V>(Schema<V> given, Schema<V> shared) {}

    /**
     * Creates the hooks of a handle.
     *
     * @param topic the topic as the application gave it, without partition if the handle has several partitions
     */
    public Hooks(Schema<T> given, String topic) {
        this.topic = topic;
        this.given = given;
        this.schema = SharedSchema.ofHandle(given, topic, this::lookAgain);
    }

    public String topic() {
        return topic;
    }

    /** The schema for producers and messages: the client treats any other object as another schema. */
    public Schema<T> schema() {
        return schema;
    }

    /** The stand-in for a schema given with a message. */
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

    /** Records that there is no customizer, and so no interceptors. */
    public void hasNoCustomizer() {
        learn(Interceptors.NONE);
    }

    /**
     * Takes the interceptors out of a customized builder. Those of the first builder see all messages; official
     * producers have none.
     */
    public void learn(ProducerBuilder<T> customized) {
        learn(Interceptors.takeFrom(customized));
    }

    private void learn(Interceptors found) {
        if (interceptors.compareAndSet(null, found) && closed.get()) {
            closeInterceptors(); // the customizer took longer than the handle lived
        }
        lookAgain();
    }

    /** Checks again whether the hooks are known, for instance after a producer was created. */
    public void lookAgain() {
        if (interceptors.get() != null && Schemas.isKnown(schema)) {
            known = true;
            waiting.complete(null);
        }
    }

    /** Whether messages can be encoded and shown to the interceptors. */
    public boolean isKnown() {
        return known;
    }

    /** Whether there are no interceptors, and values can be encoded. Never changes from true. */
    public boolean areNone() {
        return isKnown() && interceptors().isEmpty();
    }

    /** The interceptors. Call only once they are known. */
    public Interceptors interceptors() {
        Interceptors found = interceptors.get();
        return found == null ? Interceptors.NONE : found;
    }

    /** Waits until the hooks are known or closed, or the given time has passed. */
    public void await(Duration atMost) throws InterruptedException {
        try {
            waiting.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.debug("{}: not known after {}", topic, atMost, e);
        }
    }

    /** Ends all waits for the hooks. */
    public void endWaiting() {
        waiting.complete(null);
    }

    /**
     * Closes interceptors and schema, once: the handle has stopped and all answers have been given, or it never
     * started.
     */
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
