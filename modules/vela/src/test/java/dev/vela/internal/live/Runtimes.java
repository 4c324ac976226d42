package dev.vela.internal.live;

import dev.vela.Snapshot;
import dev.vela.Vela;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Supplier;

/** Runtimes in tests. */
final class Runtimes {
    private Runtimes() {}

    /** A runtime that has a snapshot, and no producer that could be found. */
    static Vela withSnapshot(Supplier<Snapshot> snapshot) {
        return (Vela) Proxy.newProxyInstance(
                Vela.class.getClassLoader(),
                new Class<?>[] {Vela.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "snapshot" -> snapshot.get();
                    case "find" -> Optional.empty();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
