package dev.vela.chaos;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collection;
import org.apache.pulsar.client.api.PulsarClient;

/**
 * The contents of an official client at some moment. They are not part of its API, so they are read by reflection.
 *
 * @param producers the number of its producers, including those that are being created
 * @param consumers the number of its consumers, likewise
 * @param timers the number of its pending timers
 */
record ClientContents(long producers, long consumers, long timers) {

    static ClientContents of(PulsarClient client) {
        try {
            Object timer = field(client, "timer");
            Method pending = timer.getClass().getMethod("pendingTimeouts");
            return new ClientContents(
                    ((Collection<?>) field(client, "producers")).size(),
                    ((Collection<?>) field(client, "consumers")).size(),
                    (long) pending.invoke(timer));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this client looks different inside", e);
        }
    }

    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }

    long total() {
        return producers + consumers + timers;
    }
}
