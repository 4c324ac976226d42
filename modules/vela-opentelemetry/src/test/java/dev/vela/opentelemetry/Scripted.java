package dev.vela.opentelemetry;

import dev.vela.SendObserver;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the library shows of itself to observers and metrics, as a test says it. */
final class Scripted {
    private Scripted() {}

    static SupervisedProducer<?> producer(String name, String topic) {
        return fake(SupervisedProducer.class, method -> switch (method) {
            case "name" -> name;
            case "getTopic" -> topic;
            default -> throw new AssertionError(method);
        });
    }

    static Vela vela(String name, Supplier<Snapshot> snapshot) {
        return fake(Vela.class, method -> switch (method) {
            case "name" -> name;
            case "snapshot" -> snapshot.get();
            default -> throw new AssertionError(method);
        });
    }

    private static <T> T fake(Class<T> type, Function<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.apply(method.getName())));
    }

    /** The properties of a message. */
    record Properties(Map<String, String> all) implements SendObserver.Properties {
        Properties() {
            this(new LinkedHashMap<>());
        }

        static Properties of(String name, String value) {
            Properties properties = new Properties();
            properties.set(name, value);
            return properties;
        }

        @Override
        public String get(String name) {
            return all.get(name);
        }

        @Override
        public void set(String name, String value) {
            all.put(name, value);
        }
    }
}
