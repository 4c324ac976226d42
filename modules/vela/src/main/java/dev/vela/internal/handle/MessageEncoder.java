package dev.vela.internal.handle;

import dev.vela.MessageRejectedException;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.SendCallback;
import dev.vela.SendFailedException;
import dev.vela.SendObserver;
import dev.vela.internal.lane.Observation;
import dev.vela.internal.lane.OpenSends;
import dev.vela.internal.pulsar.Draft;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.pulsar.Interceptors;
import dev.vela.internal.runtime.HandleContext;
import dev.vela.internal.runtime.Hooks;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.Threads;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the messages of a handle, and shows them to its interceptors.
 *
 * <p>Thread-safe. May block until the first producer exists, if the hooks cannot be known earlier, but never on a
 * thread that must not block.
 */
final class MessageEncoder<T> {
    private static final Duration SHORTEST = Duration.ofNanos(1);

    private final Handle<T> handle;
    private final List<SendObserver<?>> observers;
    private final ProducerSettings<T> settings;
    private final Hooks<T> hooks;
    private final OpenSends openSends;
    private final Scheduler clock;
    private final boolean hasPlainSchema;
    private final boolean isDirect;

    /**
     * Creates the encoder of a handle.
     *
     * @param observers the observers of its messages
     */
    MessageEncoder(
            Handle<T> handle,
            HandleContext<T> context,
            List<SendObserver<?>> observers,
            OpenSends openSends,
            Scheduler clock) {
        this.handle = handle;
        this.observers = observers;
        this.settings = context.settings();
        this.hooks = context.hooks();
        this.openSends = openSends;
        this.clock = clock;
        this.hasPlainSchema = Draft.isPlain(hooks.schema());
        this.isDirect = hasPlainSchema && hooks.areNone() && observers.isEmpty();
    }

    /** Whether no interceptor and no observer sees the messages, and they can be encoded at any time. */
    boolean isDirect() {
        return isDirect;
    }

    /** An empty message under construction. */
    <V> Draft<V> draft(Schema<V> schema, @Nullable Transaction transaction) {
        Schema<V> shared = hooks.shared(schema);
        boolean isPlain = schema == settings.schema() ? hasPlainSchema : Draft.isPlain(shared);
        return new Draft<>(shared, transaction, isPlain);
    }

    /** Tells the observers that a message is being sent. Returns null if none follows it. */
    @Nullable
    Observation observe(Draft<?> draft) {
        if (observers.isEmpty()) {
            return null;
        }
        draft.beginObserved();
        return Observation.start(observers, handle, new DraftProperties(draft));
    }

    /** A message with only a value, under construction. */
    Draft<T> draft(T value) {
        Draft<T> draft = new Draft<>(hooks.schema(), null, hasPlainSchema);
        draft.value(value);
        return draft;
    }

    /** Encodes a message with only a value. Call only if {@link #isDirect}. */
    EncodedMessage encodeValue(T value) throws MessageRejectedException {
        try {
            return Draft.of(hooks.schema(), value);
        } catch (Throwable e) {
            throw notEncoded(e);
        }
    }

    /**
     * Waits for hooks that can be known only with the first producer, as messages wait for a producer, except on a
     * thread that must not block. Returns the rest of the timeout.
     */
    Duration awaitHooks(Duration timeout) throws PulsarClientException {
        if (isDirect) {
            return timeout;
        }
        if (!openSends.isTaking()) {
            throw handle.stopped(); // the hooks are closed with the handle, and must not be called then
        }
        if (hooks.isKnown()) {
            return timeout;
        }
        long begun = clock.nanoTime();
        NoProducersAvailableException hopeless = handle.hopeless();
        if (hopeless != null) {
            throw hopeless;
        }
        if (!settings.failFast() && Threads.mayBlock()) {
            try {
                hooks.await(timeout);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SendFailedException("interrupted while waiting for a producer", Outcome.NOT_SENT, e);
            }
        }
        if (!openSends.isTaking()) {
            throw handle.stopped();
        }
        if (!hooks.isKnown()) {
            throw new NoProducersAvailableException(
                    handle.name() + " had no producer yet, and its messages cannot be encoded before that",
                    handle.causes());
        }
        Duration left = timeout.minusNanos(clock.nanoTime() - begun);
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    /**
     * Encodes a message and shows it to the interceptors, if there are any.
     *
     * @param producer the producer that the interceptors see
     */
    EncodedMessage encode(Draft<?> draft, Producer<?> producer) throws MessageRejectedException {
        EncodedMessage message;
        try {
            message = draft.encode();
        } catch (Throwable e) {
            throw notEncoded(e);
        }
        if (isDirect || hooks.interceptors().isEmpty()) {
            return message;
        }
        return hooks.interceptors().beforeSend(producer, hooks.topic(), message);
    }

    /**
     * Returns a callback that notifies the observers and the interceptors before the given callback; without any, the
     * given callback itself, or null.
     */
    @Nullable
    SendCallback observer(EncodedMessage message, @Nullable Observation observation, @Nullable SendCallback callback) {
        SendCallback next =
                isDirect || !Interceptors.haveSeen(message) ? callback : interceptorsBefore(callback, message);
        return observation == null ? next : observation.before(next);
    }

    private SendCallback interceptorsBefore(@Nullable SendCallback callback, EncodedMessage message) {
        Interceptors interceptors = hooks.interceptors();
        return (receipt, failure) -> {
            interceptors.answered(message, receipt, failure);
            if (callback != null) {
                callback.onAnswer(receipt, failure);
            }
        };
    }

    /** The properties of a message under construction, as observers see them. */
    private record DraftProperties(Draft<?> draft) implements SendObserver.Properties {
        @Override
        public @Nullable String get(String name) {
            return draft.property(Objects.requireNonNull(name, "name"));
        }

        @Override
        public void set(String name, String value) {
            draft.property(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        }
    }

    /**
     * The failure of a message that could not be encoded. Where the application knows official producers only, what a
     * schema throws is thrown to the caller.
     */
    private MessageRejectedException notEncoded(Throwable cause) {
        if (settings.official() != null && cause instanceof RuntimeException official) {
            throw official;
        }
        return new MessageRejectedException("the message could not be encoded: " + cause.getMessage(), cause);
    }
}
