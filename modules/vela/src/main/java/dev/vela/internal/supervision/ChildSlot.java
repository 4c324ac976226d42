package dev.vela.internal.supervision;

import dev.vela.ChildSpec;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A child's place under its supervisor, kept over all lives of the child: its state, its timer, and its restarts in a
 * row. Confined to the control thread.
 */
final class ChildSlot implements Incarnation.Events {

    /*
     * At most one timer runs at any time, and the state determines its meaning: BACKING_OFF waits for the next start,
     * STOPPING for the kill, KILLED for the end of patience. Leaving any of these states cancels the timer, so a timer
     * never fires into a state that it was not set for.
     *
     * Likewise, at most one incarnation is ours. The previous incarnation was disowned when it ended, and its later
     * events are ignored.
     */

    /** How long a child that was killed may take to end before it is abandoned. */
    static final Duration KILL_GRACE = Duration.ofSeconds(1);

    private final ChildSpec spec;
    private final Scheduler scheduler;
    private final Events events;
    private final CompletableFuture<Void> answered = new CompletableFuture<>();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    private ChildState state = ChildState.STARTING;
    private Incarnation incarnation;
    private Scheduler.@Nullable Cancellable timer;
    private boolean firstStartOver;
    private int restartsInARow;
    private long runningSince;

    /** The supervisor, as its children's slots see it. */
    interface Events {

        /** The child runs: for the first time, or again. */
        void started(ChildSlot slot, boolean again);

        /** The child has ended, or its start has failed. The owner must call {@code backOff} or {@code remove}. */
        void ended(ChildSlot slot, @Nullable Throwable cause);

        /** The child was killed and has not ended in time. */
        void abandoned(ChildSlot slot);

        /** The child is no longer a child of its supervisor. */
        void gone(ChildSlot slot);
    }

    ChildSlot(ChildSpec spec, Scheduler scheduler, Events events) {
        this.spec = spec;
        this.scheduler = scheduler;
        this.events = events;
        this.incarnation = new Incarnation(spec, scheduler, this);
    }

    ChildSpec spec() {
        return spec;
    }

    ChildState state() {
        return state;
    }

    /** Completes when the first start has been answered: exceptionally if the child is not kept. */
    CompletableFuture<Void> answered() {
        return answered;
    }

    /** Completes when the child is gone. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    /** Starts the child for the first time. */
    void begin() {
        incarnation.begin();
    }

    @Override
    public void started() {
        transitionTo(ChildState.RUNNING);
        runningSince = scheduler.nanoTime();
        boolean again = firstStartOver;
        firstStartOver = true;
        events.started(this, again);
        answered.complete(null);
    }

    @Override
    public void ended(@Nullable Throwable cause) {
        incarnation.disown();
        events.ended(this, cause);
    }

    /** The number of the next restart in a row; 0 again once the child was up for longer than {@code stable}. */
    int nextAttempt(Duration stable) {
        if (state == ChildState.RUNNING) {
            Duration up = Duration.ofNanos(scheduler.nanoTime() - runningSince);
            if (up.compareTo(stable) > 0) {
                restartsInARow = 0;
            }
        }
        return restartsInARow;
    }

    /** Starts the child again once the delay has passed. */
    void backOff(Duration delay) {
        if (restartsInARow < Integer.MAX_VALUE) {
            restartsInARow++;
        }
        firstStartOver = true;
        transitionTo(ChildState.BACKING_OFF);
        timer = scheduler.schedule(delay, this::startAgain);
        answered.complete(null);
    }

    /**
     * Ends the wait for the next start, and forgets earlier restarts. Returns false if the child does not wait for a
     * start.
     */
    boolean startNow() {
        if (state != ChildState.BACKING_OFF) {
            return false;
        }
        restartsInARow = 0;
        startAgain();
        return true;
    }

    private void startAgain() {
        transitionTo(ChildState.STARTING);
        incarnation = new Incarnation(spec, scheduler, this);
        incarnation.begin();
    }

    /** Asks a running child to stop in time, and kills it otherwise. A child that does not run goes at once. */
    void stop(Duration deadline) {
        switch (state) {
            case STARTING, BACKING_OFF -> remove(null);
            case RUNNING -> {
                if (deadline.isZero()) {
                    kill();
                } else {
                    transitionTo(ChildState.STOPPING);
                    timer = scheduler.schedule(deadline, this::kill);
                    incarnation.stop(deadline);
                }
            }
            case STOPPING, KILLED, GONE -> {}
        }
    }

    /** Kills a running child. A child that does not run goes at once. */
    void kill() {
        switch (state) {
            case STARTING, BACKING_OFF -> remove(null);
            case RUNNING, STOPPING -> {
                transitionTo(ChildState.KILLED);
                timer = scheduler.schedule(KILL_GRACE, this::abandon);
                incarnation.kill();
            }
            case KILLED, GONE -> {}
        }
    }

    private void abandon() {
        events.abandoned(this);
        remove(null);
    }

    /**
     * Removes the child from its supervisor.
     *
     * @param cause why a child that has never started is not kept, or null if it was asked to go
     */
    void remove(@Nullable Throwable cause) {
        transitionTo(ChildState.GONE);
        incarnation.disown();
        events.gone(this);
        if (!answered.isDone()) {
            String stopped = "child " + spec.id() + " was stopped before it had started";
            answered.completeExceptionally(cause == null ? new IllegalStateException(stopped) : cause);
        }
        gone.complete(null);
    }

    private void transitionTo(ChildState next) {
        scheduler.assertCurrent();
        state = state.moveTo(next);
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
