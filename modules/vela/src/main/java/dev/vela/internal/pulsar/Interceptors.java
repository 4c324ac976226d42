package dev.vela.internal.pulsar;

import dev.vela.MessageRejectedException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.apache.pulsar.client.impl.ProducerInterceptors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interceptors of a handle, called for each message as an official producer without batching calls its own: through
 * the client's own chain, so an interceptor's exception is logged and harmless, and interceptors that are not eligible
 * are skipped.
 *
 * <p>As thread-safe as the interceptors.
 */
public final class Interceptors {
    /** No interceptors. */
    public static final Interceptors NONE = new Interceptors(List.of());

    private static final Logger log = LoggerFactory.getLogger(Interceptors.class);

    private final boolean isEmpty;
    private final ProducerInterceptors chain;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Interceptors(List<ProducerInterceptor> interceptors) {
        this.isEmpty = interceptors.isEmpty();
        this.chain = new ProducerInterceptors(interceptors);
    }

    /**
     * Takes the given interceptors out of a builder, so that its producer has none, and none of them sees probes or
     * batches.
     */
    public static Interceptors takeFrom(ProducerBuilder<?> builder) {
        List<ProducerInterceptor> given =
                builder instanceof ProducerBuilderImpl<?> official ? official.getInterceptorList() : null;
        if (given == null || given.isEmpty()) {
            return NONE;
        }
        Interceptors taken = new Interceptors(List.copyOf(given));
        given.clear();
        return taken;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return isEmpty;
    }

    /**
     * Shows the interceptors a message that is about to be sent. Returns the message that they make of it.
     *
     * @throws MessageRejectedException if they return no message that can be sent
     */
    public EncodedMessage beforeSend(Producer<?> producer, String topic, EncodedMessage message)
            throws MessageRejectedException {
        Message<?> result;
        try {
            result = chain.beforeSend(producer, message.asOfficial(topic));
        } catch (Throwable e) { // before client 4.2, an interceptor's eligibility check may throw
            throw new MessageRejectedException("an interceptor failed: " + e.getMessage(), e);
        }
        if (result instanceof MessageImpl<?> official) {
            return outgoing(official, producer);
        }
        throw new MessageRejectedException(
                result == null
                        ? "an interceptor returned no message"
                        : "an interceptor returned a message that is not the client's, but a "
                                + result.getClass().getName(),
                null);
    }

    private static EncodedMessage outgoing(MessageImpl<?> intercepted, Producer<?> producer)
            throws MessageRejectedException {
        try {
            intercepted.getKeyBytes(); // needed to choose a partition: fails if they are not Base64
            OfficialMessage outgoing = new OfficialMessage(intercepted, producer);
            intercepted
                    .getMessageBuilder()
                    .setPublishTime(System.currentTimeMillis()); // reading a missing publish time throws
            return outgoing;
        } catch (Throwable e) {
            throw new MessageRejectedException("what an interceptor returned cannot be sent: " + e.getMessage(), e);
        }
    }

    /** Whether {@link #beforeSend} returned the message. */
    public static boolean haveSeen(EncodedMessage message) {
        return message instanceof OfficialMessage official && official.intercepted() != null;
    }

    /** Notifies the interceptors of the answer to a message that {@link #beforeSend} returned. */
    public void answered(EncodedMessage message, @Nullable MessageId receipt, @Nullable Throwable failure) {
        if (!(message instanceof OfficialMessage official) || official.intercepted() == null) {
            return;
        }
        MessageImpl<?> intercepted = official.intercepted();
        if (receipt != null) {
            intercepted.setMessageId(receipt);
        }
        try {
            chain.onSendAcknowledgement(official.interceptedFor(), intercepted, receipt, failure);
        } catch (Throwable e) { // before client 4.2, an interceptor's eligibility check may throw
            log.warn("An interceptor failed", e);
        }
    }

    /** Notifies the interceptors of the topic's current number of partitions. */
    public void partitionsChanged(String topic, int partitions) {
        chain.onPartitionsChange(topic, partitions);
    }

    /** Closes the interceptors, once. */
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            chain.close();
        }
    }
}
