package dev.vela.internal.supervision;

import dev.vela.ChildSpec;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a child: a call of its starter, and the resulting child. Exceptions of foreign code end here.
 *
 * <p>Confined to the control thread. Events on other threads are queued for the control thread, and reach the owner
 * only until it disowns this life.
 */
final class Incarnation {

    /*
     * A child must not leak if its start succeeds after this life was disowned, even if the scheduler has been closed
     * meanwhile and drops the task. So the completing thread first queues the task and then checks `disowned`. If the
     * task was dropped, the scheduler was closed before, and everything was disowned before that: the check sees it,
     * and the child is killed on the completing thread. If the task was not dropped, it runs, and kills the child
     * itself if need be. Both may kill the child, since kill is idempotent.
     */

    private static final Logger log = LoggerFactory.getLogger(Incarnation.class);

    private final ChildSpec spec;
    private final Scheduler scheduler;
    private final Events events;
    private volatile boolean disowned;
    private ChildSpec.@Nullable Child child;

    /**
     * The owner of this life. Called on the control thread, each method at most once, and never after the owner has
     * disowned this life.
     */
    interface Events {

        /** The child has started. */
        void started();

        /** The start has failed (then the cause is not null), or the started child has ended. */
        void ended(@Nullable Throwable cause);
    }

    Incarnation(ChildSpec spec, Scheduler scheduler, Events events) {
        this.spec = spec;
        this.scheduler = scheduler;
        this.events = events;
    }

    /** Calls the starter. The owner is never notified of the answer before this method has returned. */
    void begin() {
        CompletionStage<? extends ChildSpec.Child> answer;
        try {
            answer = Objects.requireNonNull(spec.starter().start(), "the starter returned no stage");
        } catch (Throwable failure) {
            answer = CompletableFuture.failedFuture(failure);
        }
        answer.whenComplete((arrived, failure) -> {
            scheduler.execute(() -> answered(arrived, failure));
            if (disowned && arrived != null) {
                kill(arrived);
            }
        });
    }

    /** Disowns this life: its owner gets no more events, and a child that has not arrived yet is killed on arrival. */
    void disown() {
        disowned = true;
    }

    /** Asks the child to stop. */
    void stop(Duration deadline) {
        try {
            arrived().stop(deadline);
        } catch (Throwable failure) {
            log.warn("Child {} could not be asked to stop", spec.id(), failure);
        }
    }

    /** Tells the child to end at once. */
    void kill() {
        kill(arrived());
    }

    private ChildSpec.Child arrived() {
        return Objects.requireNonNull(child, "child");
    }

    private void answered(ChildSpec.@Nullable Child arrived, @Nullable Throwable failure) {
        if (disowned) {
            if (arrived != null) {
                log.info("Child {} started too late, and is killed", spec.id());
                kill(arrived);
            }
            return;
        }
        if (failure != null) {
            events.ended(unwrap(failure));
            return;
        }
        if (arrived == null) {
            events.ended(new NullPointerException("the starter of " + spec.id() + " yielded no child"));
            return;
        }
        CompletionStage<Void> exit;
        try {
            exit = Objects.requireNonNull(arrived.exit(), "the child has no exit stage");
        } catch (Throwable unusable) {
            kill(arrived);
            events.ended(unusable);
            return;
        }
        child = arrived;
        events.started();
        exit.whenComplete((ended, cause) -> scheduler.execute(() -> exited(cause)));
    }

    private void exited(@Nullable Throwable cause) {
        if (!disowned) {
            events.ended(cause == null ? null : unwrap(cause));
        }
    }

    private void kill(ChildSpec.Child victim) {
        try {
            victim.kill();
        } catch (Throwable failure) {
            log.warn("Child {} could not be killed", spec.id(), failure);
        }
    }

    /** The failure without the wrappers that futures add. */
    static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
