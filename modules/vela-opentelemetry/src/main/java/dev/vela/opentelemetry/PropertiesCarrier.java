package dev.vela.opentelemetry;

import dev.vela.SendObserver;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The properties of a message as propagators read and write them. Never replaces a property. Immutable. */
final class PropertiesCarrier
        implements TextMapGetter<SendObserver.Properties>, TextMapSetter<SendObserver.Properties> {
    private final List<String> fields;

    /** Creates a carrier for propagators that use these properties. */
    PropertiesCarrier(Collection<String> fields) {
        this.fields = List.copyOf(fields);
    }

    /** Whether a message has any of the propagators' properties. */
    boolean isIn(SendObserver.Properties properties) {
        for (String field : fields) {
            if (properties.get(field) != null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Iterable<String> keys(SendObserver.Properties properties) {
        return fields;
    }

    @Override
    public @Nullable String get(SendObserver.@Nullable Properties properties, String key) {
        return properties == null ? null : properties.get(key);
    }

    @Override
    public void set(SendObserver.@Nullable Properties properties, String key, String value) {
        if (properties != null && properties.get(key) == null) {
            properties.set(key, value);
        }
    }
}
