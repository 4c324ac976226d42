package dev.vela.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pulsar.client.api.PulsarClient;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * The health of all handles, by name. The runtime's name comes first if the application declares several clients, whether
 * they exist by then or not, so that names do not change; or if it made the runtime itself. Thread-safe.
 */
final class HandleHealths {
    private final VelaRuntimes runtimes;
    private final Duration grace;
    private final ListableBeanFactory beans;

    HandleHealths(VelaRuntimes runtimes, VelaProperties properties, ListableBeanFactory beans) {
        this.runtimes = runtimes;
        this.grace = properties.health().grace();
        this.beans = beans;
    }

    Map<String, HandleHealth> all() {
        boolean several = beans.getBeanNamesForType(PulsarClient.class, false, false).length > 1;
        Instant now = Instant.now();
        Map<String, HandleHealth> all = new LinkedHashMap<>();
        for (VelaRuntimes.Handle handle : runtimes.handles()) {
            HandleHealth health = HandleHealth.of(handle.snapshot(), grace, now);
            if (health != null) {
                String name = handle.snapshot().name();
                all.put(several || handle.isOwn() ? handle.runtime() + "/" + name : name, health);
            }
        }
        return all;
    }

    @Nullable
    HandleHealth find(String name) {
        return all().get(name);
    }
}
