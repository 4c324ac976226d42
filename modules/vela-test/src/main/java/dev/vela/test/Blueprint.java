package dev.vela.test;

import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A real runtime and a real producer, both closed before any mock uses them. Their builders refuse what real builders
 * refuse, in the same words. They have no threads, and never had a broker.
 */
final class Blueprint {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Vela RUNTIME = Vela.on(withoutBroker());
    private static final SupervisedProducer<byte[]> PRODUCER = closed();

    private Blueprint() {}

    private static SupervisedProducer<byte[]> closed() {
        try {
            SupervisedProducer<byte[]> producer = RUNTIME.newProducerGroup(Schema.BYTES)
                    .topic("mock")
                    .startupDelay(NEVER) // no producer is created
                    .start();
            RUNTIME.closeAsync(Duration.ZERO).join();
            return producer;
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PulsarClient withoutBroker() {
        return (PulsarClient) Proxy.newProxyInstance(
                Blueprint.class.getClassLoader(), new Class<?>[] {PulsarClient.class}, new NoBroker());
    }

    /**
     * A client without a broker. A class of its own, since threads of the runtime call it while {@link Blueprint} is
     * being initialized: a lambda would have them wait for that, and its initialization waits for them.
     */
    private static final class NoBroker implements InvocationHandler {
        @Override
        public Object invoke(Object client, Method method, Object @Nullable [] arguments) {
            if (method.getName().equals("isClosed")) {
                return false;
            }
            throw new UnsupportedOperationException(method.getName());
        }
    }

    /** The runtime, for its builders. */
    static Vela runtime() {
        return RUNTIME;
    }

    /** A message that is never sent: its setters check their arguments. */
    static <V> SupervisedMessageBuilder<V> message(Schema<V> schema) {
        return PRODUCER.newMessage(schema);
    }
}
