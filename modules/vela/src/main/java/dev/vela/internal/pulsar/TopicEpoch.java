package dev.vela.internal.pulsar;

import java.lang.reflect.Field;
import java.util.Optional;
import org.apache.pulsar.client.impl.ProducerImpl;
import org.jspecify.annotations.Nullable;

/** The epoch that a topic had when a producer was granted exclusive access: the client keeps it to itself. */
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
            return null; // another client, or one whose module is closed
        }
    }

    /** Gives a producer that has none this one. Where it cannot be read it is not there either. */
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

    /** That of a producer that has been created; -1 if it has none, or if it cannot be read. */
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
