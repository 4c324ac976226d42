package dev.vela.internal.root;

import dev.vela.Backoff;
import dev.vela.ChildSpec;
import dev.vela.VelaEvent;
import dev.vela.internal.handle.Handle;
import dev.vela.internal.handle.Lifecycle;
import dev.vela.internal.runtime.ClientCalls;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.scheduling.Scheduler;
import dev.vela.internal.supervision.IntensityExceededException;
import dev.vela.internal.supervision.Supervisor;
import dev.vela.internal.supervision.SupervisorListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One name in the runtime, and the supervisor that keeps the child of this name alive.
 *
 * <p>Each name has a supervisor of its own, so that a child that cannot be kept alive takes no other child with it.
 * Thread-safe; works on the control thread.
 */
final class NamedChild implements Handle.Parent, SupervisorListener {
    private static final Logger log = LoggerFactory.getLogger(NamedChild.class);

    /** How long the delivery of answers may take: a callback may wait for the very thread that waits for the stop. */
    private static final Duration CALLBACKS_GRACE = Duration.ofSeconds(3);

    /** How long official producers may take to be closed: the rest of the drain, within these bounds. */
    private static final Duration LEAST_CLOSE_GRACE = Duration.ofSeconds(1);

    private static final Duration MOST_CLOSE_GRACE = Duration.ofSeconds(3);

    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(500), Duration.ofSeconds(30));

    private final RuntimeResources resources;
    private final ChildSpec spec;
    private final Consumer<NamedChild> deregister;
    private final ClientCalls calls;
    private final CompletableFuture<Void> withdrawn = new CompletableFuture<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final CompletableFuture<Void> down = new CompletableFuture<>(); // completed on the control thread
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile @Nullable Handle<?> handle;
    private @Nullable Runnable ticker; // this and all below: control thread only
    private @Nullable Supervisor supervisor;
    private @Nullable Supervisor givenUp;
    private StopState state = StopState.RUNNING;
    private long drainEnd;

    NamedChild(RuntimeResources resources, ChildSpec spec, Consumer<NamedChild> deregister) {
        this.resources = resources;
        this.spec = spec;
        this.deregister = deregister;
        this.calls = new ClientCalls(resources);
        this.drainEnd = resources.control().nanoTime();
    }

    String id() {
        return spec.id();
    }

    @Nullable
    Handle<?> handle() {
        return handle;
    }

    @Override
    public ClientCalls calls() {
        return calls;
    }

    /** Completes, on a callback thread, if the child is stopped before it has a handle. */
    CompletableFuture<Void> withdrawn() {
        return withdrawn;
    }

    /** Starts a child that the application defines. Completes when its first attempt has been answered. */
    CompletableFuture<Void> start() {
        CompletableFuture<Void> started = new CompletableFuture<>();
        resources
                .control()
                .execute(() -> supervise(spec)
                        .whenCompleteAsync(
                                (done, failure) -> {
                                    if (failure == null) {
                                        started.complete(null);
                                    } else {
                                        started.completeExceptionally(failure);
                                    }
                                },
                                resources.callbacks()));
        return started;
    }

    /** Starts a handle under its own id and restart type. */
    void startHandle(Handle<?> fresh) {
        handle = fresh;
        resources.control().execute(() -> {
            if (state.mayStart()) {
                Runnable tick = () -> tick(fresh);
                ticker = tick;
                resources.addTicker(tick);
                supervise(childOf(fresh));
            }
        });
    }

    private void tick(Handle<?> of) {
        PulsarClientException closed = resources.clientIsClosed();
        if (closed == null) {
            of.tick();
        } else {
            giveUpFor(closed);
        }
    }

    /** Fails it for good, instead of trying for ever: nothing under it can ever send again. */
    private void giveUpFor(PulsarClientException cause) {
        Supervisor last = supervisor;
        if (last == null || last == givenUp || !state.mayStart()) {
            return;
        }
        givenUp = last;
        last.exit().whenComplete((done, failure) -> resources.control().execute(() -> gaveUp(cause)));
        last.stop(Duration.ZERO);
    }

    private ChildSpec childOf(Handle<?> of) {
        return ChildSpec.of(spec.id(), of.lifecycle()::start)
                .withRestart(spec.restart())
                .withShutdown(spec.shutdown());
    }

    private CompletableFuture<Void> supervise(ChildSpec child) {
        if (!state.mayStart()) {
            return CompletableFuture.failedFuture(
                    new PulsarClientException.AlreadyClosedException(spec.id() + " was stopped before it had started"));
        }
        Supervisor fresh = new Supervisor(
                spec.id(), resources.topLevelIntensity(), BACKOFF, resources.control(), resources.random(), this);
        supervisor = fresh;
        return fresh.start(List.of(child));
    }

    @Override
    public void childExited(String id, @Nullable Throwable cause) {
        boolean again = spec.restart() == ChildSpec.Restart.PERMANENT
                || (spec.restart() == ChildSpec.Restart.TRANSIENT && cause != null);
        if (!again && supervisor != givenUp) { // otherwise giveUpFor ended it, and knows the cause
            gaveUp(cause);
        }
    }

    @Override
    public void failed(IntensityExceededException failure) {
        gaveUp(failure);
    }

    /** A handle stays, and can be revived. Any other child leaves only its name, which is freed. */
    private void gaveUp(@Nullable Throwable cause) {
        if (!state.mayStart()) {
            return;
        }
        Handle<?> failed = handle;
        if (failed != null && failed.lifecycle().phase() == Lifecycle.Phase.FAILED) {
            return;
        }
        if (failed != null) {
            Throwable known = cause == null ? new IllegalStateException(spec.id() + " ended") : cause;
            failed.gaveUp(known);
            resources.event(VelaEvent.Type.FAILED, spec.id(), failed.getTopic(), null, known);
            return;
        }
        if (cause != null) {
            resources.event(VelaEvent.Type.FAILED, spec.id(), "", null, cause);
        }
        stopTree();
    }

    @Override
    public void revive(Handle<?> failed) {
        resources.control().assertCurrent();
        failed.live(Lifecycle::revived);
        supervise(childOf(failed));
    }

    @Override
    public CompletableFuture<Void> stop(Handle<?> of, Duration drain) {
        return stop(drain);
    }

    /** Ends intake and waits for answers, up to the shortest requested deadline. */
    CompletableFuture<Void> drain(Duration deadline) {
        Handle<?> draining = handle;
        if (draining == null) {
            return CompletableFuture.completedFuture(null);
        }
        draining.endIntake();
        resources.control().execute(() -> drain(draining, deadline));
        return drained;
    }

    private void drain(Handle<?> of, Duration deadline) {
        long end = resources.control().nanoTime() + TimeUnit.NANOSECONDS.convert(deadline);
        if (state == StopState.RUNNING) {
            transitionTo(StopState.DRAINING);
            drainEnd = end;
            of.live(Lifecycle::stopping);
            of.whenSettled().whenComplete((done, failure) -> drained.complete(null));
        } else if (end - drainEnd < 0) {
            drainEnd = end;
        }
        if (drained.isDone()) {
            return;
        }
        Scheduler.Cancellable timer = resources.control().schedule(deadline, () -> drained.complete(null));
        drained.whenComplete((done, failure) -> timer.cancel()); // or it would retain all of this until the deadline
    }

    /** Drains, then stops the tree and frees the name. The future belongs to the caller. */
    CompletableFuture<Void> stop(Duration drain) {
        drain(drain).whenComplete((done, failure) -> resources.control().execute(this::stopTree));
        return stopped.copy();
    }

    /**
     * Completes when the child is stopped and all answers have been delivered, or callbacks do not return. Must not be
     * handed out.
     */
    CompletableFuture<Void> stopped() {
        return stopped;
    }

    /** Stops the tree, drained or not; completes when the tree is down, before all answers have been delivered. */
    CompletableFuture<Void> takeDown() {
        resources.control().execute(this::stopTree);
        return down;
    }

    /**
     * Fails the messages that have no answer and closes the producers, if there is a handle. The supervisors above the
     * producers stay.
     */
    void closeProducers() {
        resources.control().execute(() -> {
            if (handle != null) {
                closeProducersNow();
            }
        });
    }

    private void closeProducersNow() {
        if (!state.mayStart()) {
            return;
        }
        transitionTo(StopState.CLOSING);
        drained.complete(null); // even if it was never asked to drain: a later stop must not wait for a drain
        Handle<?> of = handle;
        if (of != null) {
            of.live(Lifecycle::stopping);
            calls.end();
            of.dismiss();
            of.closeAhead(closeGrace());
        }
    }

    private Duration closeGrace() {
        Duration left = Duration.ofNanos(drainEnd - resources.control().nanoTime());
        if (left.compareTo(LEAST_CLOSE_GRACE) < 0) {
            return LEAST_CLOSE_GRACE;
        }
        return left.compareTo(MOST_CLOSE_GRACE) > 0 ? MOST_CLOSE_GRACE : left;
    }

    private void stopTree() {
        closeProducersNow();
        if (state != StopState.CLOSING) {
            return;
        }
        transitionTo(StopState.ENDING);
        Supervisor last = supervisor;
        if (last == null) {
            ended();
            return;
        }
        last.exit().whenComplete((done, failure) -> resources.control().execute(this::ended));
        last.stop(spec.shutdown());
    }

    private void ended() {
        transitionTo(StopState.DOWN);
        deregister.accept(this);
        Handle<?> of = handle; // from now on no handle is added
        if (of == null) {
            withdrawn.completeAsync(() -> null, resources.callbacks());
            down.complete(null);
            stopped.completeAsync(() -> null, resources.callbacks());
            return;
        }
        if (ticker != null) {
            resources.removeTicker(ticker);
        }
        of.endIntake();
        of.live(Lifecycle::stopped);
        of.noteState();
        of.dismiss();
        resources.event(VelaEvent.Type.STOPPED, spec.id(), of.getTopic(), null, null);
        down.complete(null);
        of.whenSettled()
                .whenComplete((done, failure) -> resources.callbacks().execute(() -> {
                    of.closeContext();
                    stopped.complete(null);
                }));
        // On a thread of its own: all callback threads may be blocked. The runtime lives until this child is stopped.
        Scheduler.Cancellable giveUp = resources
                .control()
                .schedule(
                        CALLBACKS_GRACE,
                        () -> resources.aside(() -> {
                            if (stopped.complete(null)) {
                                log.warn("{} is stopped, and callbacks of its messages do not return", spec.id());
                            }
                        }));
        stopped.whenComplete((done, failure) -> giveUp.cancel());
    }

    private void transitionTo(StopState next) {
        resources.control().assertCurrent();
        state = state.moveTo(next, spec.id());
    }
}
