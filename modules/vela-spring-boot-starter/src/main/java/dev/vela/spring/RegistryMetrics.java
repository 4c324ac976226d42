package dev.vela.spring;

import dev.vela.Vela;
import dev.vela.VelaEvent;
import dev.vela.VelaMetrics;
import dev.vela.micrometer.VelaMicrometer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The metrics of a runtime in the application's registry, from its first producer on: a client may be created before
 * registries can be. Without a single or primary registry, nobody is told.
 *
 * <p>Thread-safe.
 */
final class RegistryMetrics implements VelaMetrics {
    private final ObjectProvider<MeterRegistry> registries;
    private final boolean partitions;
    private volatile @Nullable Vela vela;
    private volatile @Nullable VelaMicrometer meters;
    private boolean closed; // guarded by this

    RegistryMetrics(ObjectProvider<MeterRegistry> registries, boolean partitions) {
        this.registries = registries;
        this.partitions = partitions;
    }

    @Override
    public void bind(Vela its) {
        vela = its;
    }

    @Override
    public Messages of(String name, String topic) {
        VelaMicrometer bound = bound();
        return bound == null ? new Messages() {} : bound.of(name, topic);
    }

    /* The registry is asked for without the lock: that may create it, and runs the application's code. */
    private @Nullable VelaMicrometer bound() {
        VelaMicrometer known = meters;
        if (known != null) {
            return known;
        }
        MeterRegistry registry = registries.getIfUnique();
        return registry == null ? null : bindTo(registry);
    }

    /** Binds to the registry; null once the runtime was closed, since nobody would remove the meters. */
    private synchronized @Nullable VelaMicrometer bindTo(MeterRegistry registry) {
        VelaMicrometer known = meters;
        if (closed) {
            return null;
        }
        if (known == null) {
            known = VelaMicrometer.builder(registry).partitions(partitions).build();
            known.bind(Objects.requireNonNull(vela, "vela"));
            meters = known;
        }
        return known;
    }

    @Override
    public void onEvent(VelaEvent event) {
        VelaMicrometer known = meters;
        if (known != null) {
            known.onEvent(event);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        VelaMicrometer known = meters;
        if (known != null) {
            known.close();
        }
    }
}
