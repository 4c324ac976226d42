package dev.vela.test;

import dev.vela.ChildSpec;
import dev.vela.KeyHash;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Describes a mock. Each call is made to a real builder, which checks it; what a mock heeds is noted. Only the start
 * differs.
 *
 * <p>Not thread-safe.
 */
final class MockProducerBuilder<T, P extends SupervisedProducer<T>> implements InvocationHandler {
    private final MockVela vela;
    private final Schema<T> schema;
    private final Kind kind;
    private final SupervisedProducerBuilder<T, P> real;
    private final Map<String, Object> noted = new HashMap<>();

    /** Which topics a builder is for. */
    enum Kind {
        EITHER,
        GROUP,
        PARTITIONED
    }

    /** Starts a mock under the id of a child specification. */
    interface Starter extends ChildSpec.Starter {
        SupervisedProducer<?> start(String id) throws PulsarClientException;

        @Override
        default CompletionStage<ChildSpec.Child> start() {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("a mock can only be started by a MockVela: Vela.startAsync"));
        }
    }

    private MockProducerBuilder(MockVela vela, Schema<T> schema, Kind kind, SupervisedProducerBuilder<T, P> real) {
        this.vela = vela;
        this.schema = schema;
        this.kind = kind;
        this.real = real;
    }

    @SuppressWarnings("unchecked") // it implements this interface alone
    static <T, P extends SupervisedProducer<T>> SupervisedProducerBuilder<T, P> of(
            MockVela vela, Schema<T> schema, Kind kind, SupervisedProducerBuilder<T, P> real) {
        return (SupervisedProducerBuilder<T, P>) Proxy.newProxyInstance(
                MockProducerBuilder.class.getClassLoader(),
                new Class<?>[] {SupervisedProducerBuilder.class},
                new MockProducerBuilder<>(vela, schema, kind, real));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "start" -> start(real.childSpec().id());
            case "startAsync" -> startAsync(real.childSpec().id());
            case "childSpec" -> {
                Settings settings = settings(real.childSpec().id());
                yield ChildSpec.of(settings.name(), settings);
            }
            case "equals" -> arguments != null && proxy == arguments[0];
            default -> set(proxy, method, arguments);
        };
    }

    private Object set(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object result;
        try {
            result = method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (arguments != null && arguments.length == 1) {
            noted.put(method.getName(), arguments[0]);
        }
        return result == real ? proxy : result;
    }

    private SupervisedProducer<?> start(String id) throws PulsarClientException {
        return settings(id).start(id);
    }

    private CompletableFuture<SupervisedProducer<?>> startAsync(String id) {
        try {
            return CompletableFuture.completedFuture(start(id));
        } catch (PulsarClientException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The settings at this moment, ready to be started. */
    private final class Settings implements Starter {
        private final MockSettings<T> settings;

        Settings(MockSettings<T> settings) {
            this.settings = settings;
        }

        String name() {
            return settings.name();
        }

        @Override
        public SupervisedProducer<?> start(String id) throws PulsarClientException {
            return vela.start(settings.named(id), kind);
        }
    }

    private Settings settings(String name) {
        return new Settings(new MockSettings<>(
                name,
                noted("topic", String.class, name).strip(),
                schema,
                noted("partitions", Integer.class, 0),
                noted("producers", Integer.class, 1),
                noted("keyHash", KeyHash.class, KeyHash.PHASH2),
                noted("failFast", Boolean.class, false),
                noted("blockIfQueueFull", Boolean.class, true),
                noted("maxPendingMessages", Integer.class, MockSettings.PENDING_MESSAGES),
                (Duration) noted.get("sendTimeout")));
    }

    private <X> X noted(String name, Class<X> type, X otherwise) {
        return type.cast(noted.getOrDefault(name, otherwise));
    }
}
