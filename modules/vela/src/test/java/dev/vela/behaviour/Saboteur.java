package dev.vela.behaviour;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;

/** Sees which official producer a message passes through, and closes it behind Vela's back. */
final class Saboteur implements ProducerInterceptor {
    private final AtomicReference<Producer<?>> last = new AtomicReference<>();
    private volatile boolean deadly;

    /** What is given to {@code customize}. */
    void join(ProducerBuilder<?> builder) {
        builder.intercept(this);
    }

    /** Closes the producer that the last message passed through. */
    void killLast() {
        last.get().closeAsync();
    }

    /** From now on, no producer survives its first message. */
    void killEach() {
        deadly = true;
    }

    void killNoMore() {
        deadly = false;
    }

    @Override
    public boolean eligible(@SuppressWarnings("rawtypes") Message message) {
        return true;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Message beforeSend(Producer producer, Message message) {
        last.set(producer);
        if (deadly) {
            CompletableFuture.runAsync(producer::closeAsync);
        }
        return message;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void onSendAcknowledgement(Producer producer, Message message, MessageId id, Throwable failure) {}

    @Override
    public void close() {}
}
