package dev.vela.internal.scheduling;

import java.lang.reflect.Field;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests deliver receipts on the thread that runs them, which then counts as one of the client's for as long as the JVM
 * lives. The next class of tests may have to block it.
 */
public final class ClientThreadsForgotten implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) throws ReflectiveOperationException {
        Field known = ClientThreads.class.getDeclaredField("known");
        known.setAccessible(true);
        known.set(null, List.of());
    }
}
