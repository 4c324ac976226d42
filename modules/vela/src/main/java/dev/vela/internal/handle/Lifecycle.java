package dev.vela.internal.handle;

import dev.vela.Backoff;
import dev.vela.ChildSpec;
import dev.vela.HandleState;
import dev.vela.RestartIntensity;
import dev.vela.VelaEvent;
import dev.vela.internal.runtime.HandleContext;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.supervision.Supervisor;
import dev.vela.internal.supervision.SupervisorListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lifecycle of a handle, which outlives the supervisors that run it: its parent may start it again and again.
 *
 * <p>Read by any thread; changed by the control thread alone.
 *
 * <p>A stop by the handle's owner is no phase, but is recorded beside it: the producers that a drain needs may have to
 * be started first.
 */
public final class Lifecycle implements SupervisorListener {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    /**
     * The state of a handle, apart from a stop that is in progress.
     *
     * <pre>
     * STARTING → RUNNING  its parent starts it for the first time
     *          → FAILED   its parent gave up
     * RUNNING  → BROKEN   its supervisor has ended: its parent decides how to continue
     *          → FAILED   its parent gave up
     * BROKEN   → RUNNING  its parent starts it again
     *          → FAILED   its parent gave up
     * FAILED   → BROKEN   the application asked for another start, and its parent will start it
     * any      → STOPPED  it was stopped; a partition also when the whole handle is stopped
     * </pre>
     */
    public enum Phase {
        /** Not started yet; the first phase. */
        STARTING,
        /** Its supervisor runs. */
        RUNNING,
        /** Its supervisor has ended, and another may follow. */
        BROKEN,
        /** No other supervisor follows unless the application asks for it. */
        FAILED,
        /** Final. */
        STOPPED;

        /**
         * The next phase, if the move is legal.
         *
         * @throws IllegalStateException if the move is illegal
         */
        Phase moveTo(Phase next, String who) {
            boolean legal = switch (this) {
                case STARTING -> next == RUNNING || next == FAILED || next == STOPPED;
                case RUNNING -> next == BROKEN || next == FAILED || next == STOPPED;
                case BROKEN -> next == RUNNING || next == FAILED || next == STOPPED;
                case FAILED -> next == BROKEN || next == STOPPED;
                case STOPPED -> next == STOPPED;
            };
            if (!legal) {
                throw new IllegalStateException(who + " cannot move from " + this + " to " + next);
            }
            return next;
        }
    }

    private final RuntimeResources resources;
    private final String name;
    private final String topic;
    private final RestartIntensity intensity;
    private final Backoff backoff;
    private final Supplier<List<ChildSpec>> children;
    private final Runnable onChange;

    private @Nullable Supervisor supervisor;
    private volatile Phase phase = Phase.STARTING;
    private volatile boolean stopping;
    private volatile @Nullable Throwable lastCause;
    private final AtomicInteger starts = new AtomicInteger();

    Lifecycle(
            RuntimeResources resources,
            HandleContext<?> context,
            String topic,
            RestartIntensity intensity,
            Supplier<List<ChildSpec>> children,
            Runnable onChange) {
        this.resources = resources;
        this.name = context.name();
        this.topic = topic;
        this.intensity = intensity;
        this.backoff = context.settings().backoff();
        this.children = children;
        this.onChange = onChange;
    }

    public Phase phase() {
        return phase;
    }

    /** The state of the whole handle, given the state of its children while it runs. */
    HandleState state(HandleState whileRunning) {
        Phase now = phase;
        if (stopping && now != Phase.STOPPED) {
            return HandleState.STOPPING;
        }
        return switch (now) {
            case STARTING -> HandleState.STARTING;
            case RUNNING -> whileRunning;
            case BROKEN -> HandleState.RESTARTING;
            case FAILED -> HandleState.FAILED;
            case STOPPED -> HandleState.STOPPED;
        };
    }

    /** Whether its owner is stopping it, or has stopped it. */
    boolean isOver() {
        return stopping || phase == Phase.STOPPED;
    }

    @Nullable
    Throwable lastCause() {
        return lastCause;
    }

    int restarts() {
        return Math.max(0, starts.get() - 1);
    }

    /** Starts it, or starts it again. Called by its parent, also during a drain. Does not wait for its children. */
    public CompletionStage<Supervisor> start() {
        if (phase == Phase.STOPPED) {
            return CompletableFuture.failedFuture(new IllegalStateException(name + " was stopped"));
        }
        Supervisor fresh = new Supervisor(name, intensity, backoff, resources.control(), resources.random(), this);
        supervisor = fresh;
        List<ChildSpec> specs = children.get();
        boolean first = starts.getAndIncrement() == 0;
        resources.event(first ? VelaEvent.Type.STARTED : VelaEvent.Type.RESTARTED, name, topic, null, lastCause);
        transitionTo(Phase.RUNNING);
        fresh.exit().whenComplete((ended, cause) -> resources.control().execute(() -> ended(fresh, cause)));
        fresh.start(specs);
        return CompletableFuture.completedFuture(fresh);
    }

    /**
     * Starts another child. Does nothing if the handle does not run, or is about to end: its next start asks for its
     * children anew.
     */
    void startChild(ChildSpec spec) {
        Supervisor running = supervisor;
        if (running != null) {
            running.startChild(spec).whenComplete((started, refusal) -> {
                if (refusal != null) {
                    log.debug("{} did not start {} now", name, spec.id(), refusal);
                }
            });
        }
    }

    private void ended(Supervisor which, @Nullable Throwable cause) {
        if (which != supervisor || phase != Phase.RUNNING) {
            return;
        }
        if (cause != null) {
            lastCause = cause;
            resources.event(VelaEvent.Type.GROUP_FAILED, name, topic, null, cause);
        }
        transitionTo(Phase.BROKEN);
    }

    /** Its parent gave up on it. */
    void failed(Throwable cause) {
        if (phase != Phase.STOPPED) {
            lastCause = cause;
            transitionTo(Phase.FAILED);
        }
    }

    /** Its parent gave up on it, but was asked to start it again, and will do so. */
    public void revived() {
        transitionTo(Phase.BROKEN);
    }

    /** Its owner is stopping it. It still starts the children that its drain needs. */
    public void stopping() {
        resources.control().assertCurrent();
        stopping = true;
        onChange.run();
    }

    public void stopped() {
        transitionTo(Phase.STOPPED);
    }

    private void transitionTo(Phase next) {
        resources.control().assertCurrent();
        phase = phase.moveTo(next, name);
        onChange.run();
    }
}
