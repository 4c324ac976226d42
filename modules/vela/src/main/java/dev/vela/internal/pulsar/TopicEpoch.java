package dev.vela.internal.pulsar;

import java.lang.reflect.Field;
import java.util.Optional;
import org.apache.pulsar.client.impl.ProducerImpl;
import org.jspecify.annotations.Nullable;

/** The epoch that a topic had when a producer was granted exclusive access: the client does not expose it. */
final class TopicEpoch {
    private static final long UNKNOWN = -1;
    private static final @Nullable Field FIELD = field();

    private TopicEpoch() {}

    private static @Nullable Field field() {
        try {
            Field field = ProducerImpl.class.getDeclaredField("topicEpoch");
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null; // another client, or a client whose module is closed
        }
    }

    /** Sets the epoch of a producer that has none. Does nothing where epochs cannot be read. */
    static void restore(ProducerImpl<?> producer, long epoch) {
        if (FIELD == null || of(producer) != UNKNOWN) {
            return;
        }
        try {
            FIELD.set(producer, Optional.of(epoch));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("it was made accessible", e);
        }
    }

    /** The epoch of a created producer; -1 if it has none, or if the epoch cannot be read. */
    static long of(ProducerImpl<?> producer) {
        if (FIELD == null) {
            return UNKNOWN;
        }
        try {
            return FIELD.get(producer) instanceof Optional<?> epoch && epoch.orElse(null) instanceof Long known
                    ? known
                    : UNKNOWN;
        } catch (IllegalAccessException e) {
            return UNKNOWN;
        }
    }
}
