package dev.vela.internal.root;

import dev.vela.HandleState;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.SendCallback;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.internal.checks.Checks;
import dev.vela.internal.lane.CallbackSend;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * One use of a producer that others use, too: the producer itself, except that closing or stopping it only ends this
 * use. Messages that it has accepted are answered all the same: the producer goes on.
 *
 * <p>Thread-safe. Never blocks by itself.
 */
final class Lease implements InvocationHandler {
    private final SupervisedProducer<?> producer;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Lease(SupervisedProducer<?> producer, Runnable onClose) {
        this.producer = producer;
        this.onClose = onClose;
    }

    /**
     * Creates a use of a producer.
     *
     * @param onClose run once, when this use is over
     */
    @SuppressWarnings("unchecked") // it is a proxy of the given producer
    static <T> SupervisedProducer<T> of(SupervisedProducer<T> producer, Runnable onClose) {
        Class<?> type = producer instanceof PartitionedProducer
                ? PartitionedProducer.class
                : producer instanceof ProducerGroup ? ProducerGroup.class : SupervisedProducer.class;
        return (SupervisedProducer<T>)
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new Lease(producer, onClose));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        String called = method.getName();
        switch (called) {
            case "equals" -> {
                return arguments != null && proxy == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            case "close", "stop" -> {
                end(arguments);
                return null;
            }
            case "closeAsync", "stopAsync" -> {
                end(arguments);
                return CompletableFuture.completedFuture(null);
            }
            case "send", "sendAsync" -> {
                if (closed.get()) {
                    return refuse(called, arguments);
                }
            }
            case "newMessage" -> {
                if (closed.get()) {
                    return refusingMessage();
                }
            }
            case "isConnected" -> {
                if (closed.get()) {
                    return false;
                }
            }
            case "state" -> {
                if (closed.get()) {
                    return HandleState.STOPPED;
                }
            }
            default -> {}
        }
        try {
            return method.invoke(producer, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void end(Object @Nullable [] arguments) {
        if (arguments != null) {
            Checks.notNegative("drain", (Duration) arguments[0]);
        }
        if (closed.compareAndSet(false, true)) {
            onClose.run();
        }
    }

    private static Object refusingMessage() {
        return Proxy.newProxyInstance(
                SupervisedMessageBuilder.class.getClassLoader(),
                new Class<?>[] {SupervisedMessageBuilder.class},
                (builder, method, arguments) -> switch (method.getName()) {
                    case "equals" -> arguments != null && builder == arguments[0];
                    case "hashCode" -> System.identityHashCode(builder);
                    case "toString" -> "a message of a closed producer";
                    case "send", "sendAsync" -> refuse(method.getName(), arguments);
                    default -> builder;
                });
    }

    /** Answers a message that is sent after the end of this use, in the way in which it was sent. */
    private static @Nullable Object refuse(String send, Object @Nullable [] arguments) throws PulsarClientException {
        PulsarClientException cause = new PulsarClientException.AlreadyClosedException("this producer was closed");
        if (arguments != null && arguments[arguments.length - 1] instanceof SendCallback callback) {
            CallbackSend.refuse(callback, cause);
            return null;
        }
        if (send.equals("send")) {
            throw cause;
        }
        return CompletableFuture.failedFuture(cause);
    }
}
