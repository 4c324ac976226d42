package dev.vela.internal.supervision;

import dev.vela.Backoff;
import dev.vela.ChildSpec;
import dev.vela.RestartIntensity;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work of a supervisor. Confined to the control thread, except {@link #state()}, which any thread may read. */
final class OneForOne implements ChildSlot.Events {

    /*
     * Once the state is STOPPING, all children run, stop or were killed: children that were starting or backing off
     * went in the same task. So no child can be started or restarted during a stop, and a stop merely asks the
     * rightmost child, and when that child is gone, the next.
     *
     * Futures are completed, and listeners called, inside a task. Their code may call any public method of the
     * supervisor: such a method only ever queues another task, so no code here is ever re-entered.
     */

    private static final Logger log = LoggerFactory.getLogger(OneForOne.class);

    private final String name;
    private final RestartIntensity intensity;
    private final Backoff backoff;
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final SupervisorListener listener;
    private final RestartWindow window;
    private final StopDeadline deadline;
    private final Children children = new Children();
    private final CompletableFuture<Void> exit = new CompletableFuture<>();

    private volatile SupervisorState state = SupervisorState.RUNNING;
    private @Nullable IntensityExceededException failure;

    OneForOne(
            String name,
            RestartIntensity intensity,
            Backoff backoff,
            Scheduler scheduler,
            RandomGenerator random,
            SupervisorListener listener) {
        this.name = name;
        this.intensity = intensity;
        this.backoff = backoff;
        this.scheduler = scheduler;
        this.random = random;
        this.listener = new GuardedListener(name, listener);
        this.window = new RestartWindow(intensity);
        this.deadline = new StopDeadline(scheduler, this::killAll);
    }

    SupervisorState state() {
        return state;
    }

    CompletableFuture<Void> exit() {
        return exit;
    }

    Map<String, ChildState> children() {
        return children.states();
    }

    CompletableFuture<Void> start(List<ChildSpec> specs) {
        refuseUnlessRunning();
        refuseDuplicate(specs);
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (ChildSpec spec : specs) {
            answers.add(begin(spec).exceptionally(notKept -> null));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> {
                    if (failure != null) {
                        throw failure;
                    }
                    refuseUnlessRunning();
                });
    }

    CompletableFuture<Void> startChild(ChildSpec spec) {
        refuseUnlessRunning();
        refuseDuplicate(List.of(spec));
        return begin(spec);
    }

    private CompletableFuture<Void> begin(ChildSpec spec) {
        ChildSlot slot = new ChildSlot(spec, scheduler, this);
        children.add(slot);
        slot.begin();
        return slot.answered();
    }

    CompletableFuture<Boolean> stopChild(String id) {
        ChildSlot slot = children.get(id);
        if (slot == null) {
            return CompletableFuture.completedFuture(false);
        }
        slot.stop(deadline.clip(slot.spec().shutdown()));
        return slot.gone().thenApply(gone -> true);
    }

    boolean restartChild(String id) {
        ChildSlot slot = children.get(id);
        return slot != null && slot.startNow();
    }

    @Override
    public void started(ChildSlot slot, boolean again) {
        if (again) {
            listener.childRestarted(slot.spec().id());
        } else {
            listener.childStarted(slot.spec().id());
        }
    }

    @Override
    public void ended(ChildSlot slot, @Nullable Throwable cause) {
        String id = slot.spec().id();
        listener.childExited(id, cause);
        if (!isRestarted(slot, cause)) {
            slot.remove(cause);
        } else if (!window.add(scheduler.nanoTime())) {
            fail(slot, cause);
        } else {
            int attempt = slot.nextAttempt(backoff.max());
            Duration delay = backoff.delay(attempt, random);
            log.info(
                    "Supervisor {}: child {} ended and is restarted in {}; cause: {}",
                    name,
                    id,
                    delay,
                    String.valueOf(cause));
            listener.childRestarting(id, attempt, delay, cause);
            slot.backOff(delay);
        }
    }

    private boolean isRestarted(ChildSlot slot, @Nullable Throwable cause) {
        boolean wanted = slot.state() == ChildState.STARTING || slot.state() == ChildState.RUNNING;
        if (!wanted || state != SupervisorState.RUNNING) {
            return false;
        }
        return switch (slot.spec().restart()) {
            case PERMANENT -> true;
            case TRANSIENT -> cause != null;
            case TEMPORARY -> false;
        };
    }

    @Override
    public void abandoned(ChildSlot slot) {
        String id = slot.spec().id();
        log.warn("Supervisor {}: child {} was killed and did not end; it is abandoned", name, id);
        listener.childAbandoned(id);
    }

    @Override
    public void gone(ChildSlot slot) {
        children.remove(slot);
        if (state == SupervisorState.STOPPING) {
            scheduler.execute(this::stopNext);
        }
    }

    private void fail(ChildSlot last, @Nullable Throwable cause) {
        IntensityExceededException tooMany = new IntensityExceededException(name, window.size(), intensity, cause);
        log.error("Child {} ended once too often", last.spec().id(), tooMany);
        failure = tooMany;
        transitionTo(SupervisorState.STOPPING);
        listener.failed(tooMany);
        last.remove(tooMany);
        removeIdle();
    }

    void stop(Duration within) {
        if (beginStop()) {
            deadline.set(within);
        }
    }

    void kill() {
        if (beginStop()) {
            killAll();
        }
    }

    /** Returns false if the supervisor has ended already. */
    private boolean beginStop() {
        if (state == SupervisorState.RUNNING) {
            transitionTo(SupervisorState.STOPPING);
            removeIdle();
            scheduler.execute(this::stopNext);
        }
        return state == SupervisorState.STOPPING;
    }

    private void removeIdle() {
        for (ChildSlot slot : children.rightToLeft()) {
            if (slot.state() == ChildState.STARTING || slot.state() == ChildState.BACKING_OFF) {
                slot.remove(null);
            }
        }
    }

    private void stopNext() {
        if (state != SupervisorState.STOPPING) {
            return;
        }
        List<ChildSlot> rest = children.rightToLeft();
        if (!rest.isEmpty()) {
            ChildSlot rightmost = rest.get(0);
            rightmost.stop(deadline.clip(rightmost.spec().shutdown()));
            return;
        }
        deadline.clear();
        if (failure == null) {
            transitionTo(SupervisorState.STOPPED);
            exit.complete(null);
        } else {
            transitionTo(SupervisorState.FAILED);
            exit.completeExceptionally(failure);
        }
    }

    private void killAll() {
        children.rightToLeft().forEach(ChildSlot::kill);
    }

    private void refuseUnlessRunning() {
        if (state != SupervisorState.RUNNING) {
            throw new IllegalStateException("supervisor " + name + " is " + state, failure);
        }
    }

    private void refuseDuplicate(List<ChildSpec> specs) {
        String duplicate = children.duplicate(specs);
        if (duplicate != null) {
            throw new IllegalStateException("supervisor " + name + " has a child " + duplicate + " already");
        }
    }

    private void transitionTo(SupervisorState next) {
        scheduler.assertCurrent();
        state = state.moveTo(next);
    }
}
