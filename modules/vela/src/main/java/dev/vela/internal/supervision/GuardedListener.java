package dev.vela.internal.supervision;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener whose exceptions are logged and go no further. */
final class GuardedListener implements SupervisorListener {

    private static final Logger log = LoggerFactory.getLogger(GuardedListener.class);

    private final String supervisor;
    private final SupervisorListener listener;

    GuardedListener(String supervisor, SupervisorListener listener) {
        this.supervisor = supervisor;
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    @Override
    public void childStarted(String id) {
        guard(() -> listener.childStarted(id));
    }

    @Override
    public void childExited(String id, @Nullable Throwable cause) {
        guard(() -> listener.childExited(id, cause));
    }

    @Override
    public void childRestarting(String id, int attempt, Duration delay, @Nullable Throwable cause) {
        guard(() -> listener.childRestarting(id, attempt, delay, cause));
    }

    @Override
    public void childRestarted(String id) {
        guard(() -> listener.childRestarted(id));
    }

    @Override
    public void childAbandoned(String id) {
        guard(() -> listener.childAbandoned(id));
    }

    @Override
    public void failed(IntensityExceededException failure) {
        guard(() -> listener.failed(failure));
    }

    private void guard(Runnable call) {
        try {
            call.run();
        } catch (Throwable failure) {
            log.error("The listener of supervisor {} failed", supervisor, failure);
        }
    }
}
