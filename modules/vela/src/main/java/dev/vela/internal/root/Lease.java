package dev.vela.internal.root;

import dev.vela.SupervisedProducer;
import dev.vela.internal.handle.Handle;
import dev.vela.internal.runtime.Threads;
import dev.vela.internal.scheduling.Scheduler;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One use of a producer that others use, too: the producer itself, except that closing or stopping it waits for the
 * answers to all messages accepted so far, at most as long as a close drains, and then gives the producer back.
 *
 * <p>Thread-safe.
 */
final class Lease implements InvocationHandler {
    private final SupervisedProducer<?> producer;
    private final Scheduler control;
    private final Executor callbacks;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Lease(SupervisedProducer<?> producer, Scheduler control, Executor callbacks, Runnable onClose) {
        this.producer = producer;
        this.control = control;
        this.callbacks = callbacks;
        this.onClose = onClose;
    }

    /**
     * Creates a use of a producer.
     *
     * @param onClose run once, when this use is over
     */
    @SuppressWarnings("unchecked") // it is a proxy of the given producer
    static <T> SupervisedProducer<T> of(
            SupervisedProducer<T> producer, Scheduler control, Executor callbacks, Runnable onClose) {
        return (SupervisedProducer<T>) Proxy.newProxyInstance(
                SupervisedProducer.class.getClassLoader(),
                new Class<?>[] {SupervisedProducer.class},
                new Lease(producer, control, callbacks, onClose));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        switch (method.getName()) {
            case "equals" -> {
                return arguments != null && proxy == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            case "close", "stop" -> {
                Threads.checkMayBlock(method.getName(), method.getName() + "Async");
                Threads.join(closeAsync(), method.getName());
                return null;
            }
            case "closeAsync", "stopAsync" -> {
                return closeAsync();
            }
            default -> {}
        }
        try {
            return method.invoke(producer, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private CompletableFuture<Void> closeAsync() {
        CompletableFuture<Void> answered = producer.flushAsync().handle((done, failure) -> null);
        CompletableFuture<Void> over = new CompletableFuture<>();
        Scheduler.Cancellable patience =
                control.schedule(Handle.DEFAULT_DRAIN, () -> callbacks.execute(() -> over.complete(null)));
        answered.whenComplete((done, failure) -> {
            patience.cancel();
            over.complete(null);
        });
        return closed.compareAndSet(false, true) ? over.thenRun(onClose) : over;
    }
}
