package dev.vela.behaviour;

import static org.awaitility.Awaitility.await;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.client.impl.ProducerBase;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.apache.pulsar.client.impl.ProducerImpl;
import org.apache.pulsar.client.impl.PulsarClientImpl;

/** Knows the official producers that were made of the builders it has seen, and closes them behind Vela's back. */
final class Saboteur implements ProducerInterceptor {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Queue<ProducerBuilderImpl<?>> builders = new ConcurrentLinkedQueue<>();
    private volatile boolean deadly;

    /** What is given to {@code customize}. */
    void join(ProducerBuilder<?> builder) {
        builders.add((ProducerBuilderImpl<?>) builder);
        builder.intercept(this);
    }

    /**
     * Closes a producer as soon as there is one: one that is connected rather than one that is not, then the one with
     * most in its queue, then the one that has sent most.
     */
    void killLast() {
        await().atMost(LONG).until(this::producers, producers -> !producers.isEmpty()).stream()
                .max(Comparator.<ProducerImpl<?>, Boolean>comparing(Producer::isConnected)
                        .thenComparing(ProducerImpl::getPendingQueueSize)
                        .thenComparing(Producer::getLastSequenceId))
                .orElseThrow()
                .closeAsync();
    }

    /** Takes from each producer the epoch of exclusive access, as the client does when the broker has it already. */
    void forgetEpochs() throws ReflectiveOperationException {
        Field epoch = ProducerImpl.class.getDeclaredField("topicEpoch");
        epoch.setAccessible(true);
        for (ProducerImpl<?> producer : producers()) {
            epoch.set(producer, Optional.empty());
        }
    }

    /** From now on, no producer survives the next message. */
    void killEach() {
        deadly = true;
    }

    void killNoMore() {
        deadly = false;
    }

    @SuppressWarnings("ReferenceEquality") // two producers may be configured alike
    private List<ProducerImpl<?>> producers() {
        return builders.stream()
                .flatMap(builder -> producers(builder.getClient()).stream()
                        .filter(producer -> producer.getConfiguration() == builder.getConf()))
                .<ProducerImpl<?>>map(producer -> (ProducerImpl<?>) producer)
                .toList();
    }

    @SuppressWarnings("unchecked") // the client has no other way to its producers
    private static Set<ProducerBase<?>> producers(PulsarClientImpl client) {
        try {
            Field field = PulsarClientImpl.class.getDeclaredField("producers");
            field.setAccessible(true);
            return (Set<ProducerBase<?>>) field.get(client);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the client has changed", e);
        }
    }

    @Override
    public boolean eligible(@SuppressWarnings("rawtypes") Message message) {
        return true;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Message beforeSend(Producer producer, Message message) {
        if (deadly) {
            producers().stream()
                    .filter(Producer::isConnected)
                    .forEach(each -> CompletableFuture.runAsync(each::closeAsync));
        }
        return message;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void onSendAcknowledgement(Producer producer, Message message, MessageId id, Throwable failure) {}

    @Override
    public void close() {}
}
