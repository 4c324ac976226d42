package dev.vela.internal.root;

import dev.vela.Vela;
import dev.vela.internal.handle.Handle;
import dev.vela.internal.pulsar.SupervisingBuilder;
import dev.vela.internal.runtime.Threads;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PulsarClient} whose producers are supervised, and which is the client underneath in all else: a proxy, so
 * that this includes the methods that later versions of the client add, and the other interfaces of the client's class.
 *
 * <p>Thread-safe.
 */
public final class SupervisedClient implements InvocationHandler {
    private final PulsarClient client;
    private final Vela vela;
    private final OfficialStarts starts;

    private SupervisedClient(PulsarClient client, Vela vela, OfficialStarts starts) {
        this.client = client;
        this.vela = vela;
        this.starts = starts;
    }

    /** Creates the supervised client of a runtime. */
    static PulsarClient of(PulsarClient client, Vela vela, OfficialStarts starts) {
        ClassLoader loader = client.getClass().getClassLoader();
        return (PulsarClient) Proxy.newProxyInstance(
                loader == null ? SupervisedClient.class.getClassLoader() : loader,
                interfaces(client.getClass()),
                new SupervisedClient(client, vela, starts));
    }

    /** Whether a client is supervised already. */
    public static boolean isSupervised(PulsarClient client) {
        return Proxy.isProxyClass(client.getClass()) && Proxy.getInvocationHandler(client) instanceof SupervisedClient;
    }

    /** All public interfaces of a class: a proxy of other interfaces would have to be in their package. */
    private static Class<?>[] interfaces(Class<?> type) {
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        interfaces.add(PulsarClient.class);
        for (Class<?> some = type; some != null; some = some.getSuperclass()) {
            addInterfaces(some, interfaces);
        }
        return interfaces.toArray(Class<?>[]::new);
    }

    private static void addInterfaces(Class<?> type, Set<Class<?>> interfaces) {
        for (Class<?> candidate : type.getInterfaces()) {
            if (Modifier.isPublic(candidate.getModifiers())) {
                interfaces.add(candidate);
            } else {
                addInterfaces(candidate, interfaces); // it may extend public ones
            }
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method, arguments);
        }
        if (method.getName().equals("newProducer")) {
            return arguments == null // the client's defaults depend on the method
                    ? SupervisingBuilder.of(client.newProducer(), Schema.BYTES, starts)
                    : newProducer((Schema<?>) arguments[0]);
        }
        if (arguments == null) {
            switch (method.getName()) {
                case "close" -> {
                    close();
                    return null;
                }
                case "closeAsync" -> {
                    return closeAsync();
                }
                case "shutdown" -> {
                    shutdown();
                    return null;
                }
                default -> {}
            }
        }
        try {
            return method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object ofObject(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "supervised " + client;
        };
    }

    private <T> ProducerBuilder<T> newProducer(Schema<T> schema) {
        return SupervisingBuilder.of(client.newProducer(schema), schema, starts);
    }

    private void close() throws PulsarClientException {
        Threads.checkMayBlock("close", "closeAsync");
        Threads.join(closeAsync(), "close");
    }

    /** A copy, since cancelling it must not keep the client open. */
    private CompletableFuture<Void> closeAsync() {
        return vela.closeAsync(Handle.DEFAULT_DRAIN)
                .thenCompose(
                        closed -> client.isClosed() ? CompletableFuture.completedFuture(null) : client.closeAsync())
                .copy();
    }

    private void shutdown() throws PulsarClientException {
        vela.closeAsync(Duration.ZERO);
        client.shutdown();
    }
}
