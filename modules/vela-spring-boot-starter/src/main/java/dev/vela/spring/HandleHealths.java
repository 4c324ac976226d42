package dev.vela.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The health of all handles, by name; with several runtimes the runtime's name comes first. Thread-safe. */
final class HandleHealths {
    private final VelaRuntimes runtimes;
    private final Duration grace;

    HandleHealths(VelaRuntimes runtimes, VelaProperties properties) {
        this.runtimes = runtimes;
        this.grace = properties.health().grace();
    }

    Map<String, HandleHealth> all() {
        boolean several = runtimes.all().size() > 1;
        Instant now = Instant.now();
        Map<String, HandleHealth> all = new LinkedHashMap<>();
        for (VelaRuntimes.Handle handle : runtimes.handles()) {
            HandleHealth health = HandleHealth.of(handle.snapshot(), grace, now);
            if (health != null) {
                String name = handle.snapshot().name();
                all.put(several ? handle.runtime() + "/" + name : name, health);
            }
        }
        return all;
    }

    @Nullable
    HandleHealth find(String name) {
        return all().get(name);
    }
}
