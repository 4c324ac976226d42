package dev.vela.internal.handle;

import dev.vela.SupervisedMessageBuilder;
import dev.vela.internal.checks.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.TypedMessageBuilder;

/**
 * Loads the configuration given to {@link TypedMessageBuilder#loadConf}, by the official client's names, with the
 * checks of the setters.
 */
final class MessageConf {
    private final SupervisedMessageBuilder<?> message;

    MessageConf(SupervisedMessageBuilder<?> message) {
        this.message = message;
    }

    void load(Map<String, Object> config) {
        config.forEach(this::load);
    }

    private void load(String name, Object value) {
        switch (Objects.requireNonNull(name, "config")) {
            case TypedMessageBuilder.CONF_KEY -> message.key(typed(name, String.class, value));
            case TypedMessageBuilder.CONF_PROPERTIES -> properties(name, typed(name, Map.class, value));
            case TypedMessageBuilder.CONF_EVENT_TIME -> message.eventTime(typed(name, Long.class, value));
            case TypedMessageBuilder.CONF_SEQUENCE_ID -> message.sequenceId(typed(name, Long.class, value));
            case TypedMessageBuilder.CONF_REPLICATION_CLUSTERS -> clusters(name, typed(name, List.class, value));
            case TypedMessageBuilder.CONF_DISABLE_REPLICATION -> {
                if (typed(name, Boolean.class, value)) {
                    message.disableReplication();
                }
            }
            case TypedMessageBuilder.CONF_DELIVERY_AFTER_SECONDS ->
                message.deliverAfter(typed(name, Long.class, value), TimeUnit.SECONDS);
            case TypedMessageBuilder.CONF_DELIVERY_AT -> message.deliverAt(typed(name, Long.class, value));
            default ->
                Checks.check(false, "config", "have no keys but those that TypedMessageBuilder names CONF_", name);
        }
    }

    private void properties(String name, Map<?, ?> properties) {
        properties.forEach(
                (key, text) -> message.property(typed(name, String.class, key), typed(name, String.class, text)));
    }

    private void clusters(String name, List<?> clusters) {
        List<String> names = new ArrayList<>();
        clusters.forEach(cluster -> names.add(typed(name, String.class, cluster)));
        message.replicationClusters(names);
    }

    private static <X> X typed(String name, Class<X> type, Object value) {
        Objects.requireNonNull(value, name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(name + " must be a " + type.getSimpleName() + ", was "
                    + Checks.text(value) + ", a " + value.getClass().getSimpleName());
        }
        return type.cast(value);
    }
}
