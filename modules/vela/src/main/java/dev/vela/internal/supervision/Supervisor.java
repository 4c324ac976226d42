package dev.vela.internal.supervision;

import dev.vela.Backoff;
import dev.vela.ChildSpec;
import dev.vela.RestartIntensity;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Starts children, restarts children that end, and stops them: one for one, as in OTP. A supervisor is a child itself,
 * so supervisors form trees.
 *
 * <p>Thread-safe: every method may be called on any thread, including the control thread. No method blocks: each only
 * queues its work for the control thread. Futures complete on the
 * control thread: code that depends on them must not block, and must not wait for them on that thread. Once the
 * scheduler is closed they never complete, so a supervisor is stopped first.
 *
 * <p>Three things differ from OTP. A child whose start fails stays a child: its failed start counts as a restart, and
 * is tried again. A restart is delayed by a backoff, whose attempts begin at 0 again once a child has been up for
 * longer than {@link Backoff#max()}. And a stop always ends, since a child that ignores even a kill is abandoned after
 * a second.
 *
 * <p>As in OTP, all restarts are counted together. If there is one more within the period than the intensity allows,
 * the supervisor stops its children and fails. A restart requested by {@link #restartChild} is not counted.
 */
public final class Supervisor implements ChildSpec.Child {

    private final String name;
    private final Scheduler scheduler;
    private final OneForOne children;

    /**
     * Creates a running supervisor without children.
     *
     * @param name its name in messages and logs
     * @param intensity the restarts it tolerates
     * @param backoff the delays of restarts
     * @param scheduler its control thread; supervisors may share one
     * @param random the source of the jitter of the delays; used on the control thread only
     * @param listener is notified of the children's events
     */
    public Supervisor(
            String name,
            RestartIntensity intensity,
            Backoff backoff,
            Scheduler scheduler,
            RandomGenerator random,
            SupervisorListener listener) {
        this.name = Objects.requireNonNull(name, "name");
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.children = new OneForOne(
                name,
                Objects.requireNonNull(intensity, "intensity"),
                Objects.requireNonNull(backoff, "backoff"),
                scheduler,
                Objects.requireNonNull(random, "random"),
                Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Starts children left to right, without waiting for one before it calls the starter of the next.
     *
     * <p>The future completes once each first start has been answered, successfully or not: a child whose start failed
     * is tried again, or removed if it is temporary, and the listener is notified. The future fails with
     * {@link IllegalStateException} if nothing was started, because an id is taken or the supervisor no longer runs. It
     * fails with {@link IllegalStateException} or {@link IntensityExceededException} if the supervisor was stopped or
     * failed meanwhile.
     */
    public CompletableFuture<Void> start(List<ChildSpec> specs) {
        List<ChildSpec> copy = List.copyOf(specs);
        return ask(() -> children.start(copy));
    }

    /**
     * Starts one more child, to the right of all others.
     *
     * <p>The future completes once the first start has been answered. It fails if the child is then not a child of this
     * supervisor: with {@link IllegalStateException} if its id is taken, the supervisor no longer runs, or the child
     * was stopped before it had started, and with the cause if its start failed and will not be tried again.
     */
    public CompletableFuture<Void> startChild(ChildSpec spec) {
        Objects.requireNonNull(spec, "spec");
        return ask(() -> children.startChild(spec));
    }

    /**
     * Stops a child within its shutdown time, or else kills it, and removes it. A child that is starting or waiting for
     * its restart is removed at once.
     *
     * @return true once the child has gone; false if no child has that id
     */
    public CompletableFuture<Boolean> stopChild(String id) {
        Objects.requireNonNull(id, "id");
        return ask(() -> children.stopChild(id));
    }

    /**
     * Immediately starts a child that waits for its restart, and forgets its earlier restarts, so that its backoff
     * begins anew.
     *
     * @return true if it waited; false if no child has that id, or the child is running, starting or stopping
     */
    public CompletableFuture<Boolean> restartChild(String id) {
        Objects.requireNonNull(id, "id");
        return ask(() -> CompletableFuture.completedFuture(children.restartChild(id)));
    }

    /** The state of each child, by id, left to right. */
    public CompletableFuture<Map<String, ChildState>> children() {
        return ask(() -> CompletableFuture.completedFuture(children.children()));
    }

    /** The state of this supervisor, as last seen. */
    public SupervisorState state() {
        return children.state();
    }

    /**
     * The end of this supervisor, when all its children are gone: normal after {@link #stop} or {@link #kill}, and with
     * {@link IntensityExceededException} after too many restarts, even if it was asked to stop meanwhile.
     */
    @Override
    public CompletionStage<Void> exit() {
        return children.exit();
    }

    /**
     * Stops the children, right to left. Each child may take its shutdown time, but no more than the rest of the
     * deadline, and is then killed. At the end of the deadline the remaining children are killed together.
     *
     * <p>A tenth of the deadline, at most a second, is kept back for killing. With a deadline of ten seconds or more,
     * everything is over in time, whatever the children do; with a shorter deadline, at most a second after it. A
     * second call can only bring the end nearer.
     *
     * @throws IllegalArgumentException if {@code deadline} is negative
     */
    @Override
    public void stop(Duration deadline) {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("deadline must be >= 0, was " + deadline);
        }
        scheduler.execute(() -> children.stop(deadline));
    }

    /** Kills all children at once. They may take a second to end. */
    @Override
    public void kill() {
        scheduler.execute(children::kill);
    }

    @Override
    public String toString() {
        return "Supervisor[" + name + ", " + state() + "]";
    }

    private <T> CompletableFuture<T> ask(Supplier<CompletionStage<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        scheduler.execute(() -> {
            try {
                question.get().whenComplete((value, failure) -> {
                    if (failure == null) {
                        answer.complete(value);
                    } else {
                        answer.completeExceptionally(Incarnation.unwrap(failure));
                    }
                });
            } catch (RuntimeException refusal) {
                answer.completeExceptionally(refusal);
            }
        });
        return answer;
    }
}
