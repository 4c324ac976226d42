package dev.vela.internal.pulsar;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An official producer that is connected, has never sent anything, and closes at once. Thread-safe. */
public abstract class HealthyPublisher implements EntryPublisher {
    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public @Nullable Throwable terminalCause() {
        return null;
    }

    @Override
    public long lastSequenceId() {
        return -1;
    }

    @Override
    public long lastDisconnected() {
        return 0;
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return CompletableFuture.completedFuture(null);
    }
}
