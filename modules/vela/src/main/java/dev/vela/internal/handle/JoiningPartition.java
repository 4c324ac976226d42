package dev.vela.internal.handle;

import dev.vela.Backoff;
import dev.vela.ChildSpec;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The group of a new partition, as a child of its parent. The group is started again, with backoff, as often as it
 * fails, so it uses none of the restarts that its parent allows to the partitions in use. Once messages are routed to
 * the group, its end is the end of this child, and the parent acts on it.
 *
 * <p>Confined to the control thread, except {@link #stop}, {@link #kill} and {@link #exit}, which any thread may call.
 */
final class JoiningPartition implements ChildSpec.Child {
    private final ChildSpec.Starter starter;
    private final BooleanSupplier isRouted;
    private final Backoff backoff;
    private final RandomGenerator random;
    private final Scheduler scheduler;
    private final CompletableFuture<Void> exit = new CompletableFuture<>();

    private ChildSpec.@Nullable Child group;
    private Scheduler.@Nullable Cancellable retry;
    private int failures;
    private boolean stopping;

    /**
     * Creates a child in its initial state.
     *
     * @param starter starts the group, and answers at once; refuses if the group was stopped for good
     * @param isRouted whether messages are routed to the group
     */
    JoiningPartition(
            ChildSpec.Starter starter,
            BooleanSupplier isRouted,
            Backoff backoff,
            RandomGenerator random,
            Scheduler scheduler) {
        this.starter = starter;
        this.isRouted = isRouted;
        this.backoff = backoff;
        this.random = random;
        this.scheduler = scheduler;
    }

    /**
     * Starts the group, or starts it again after a failure. If the start is refused, only a stop or a kill ends this
     * child.
     */
    CompletionStage<JoiningPartition> start() {
        retry = null;
        starter.start().whenComplete((started, refused) -> {
            if (started != null) {
                group = started;
                started.exit().whenComplete((end, cause) -> scheduler.execute(() -> ended(cause)));
            }
        });
        return CompletableFuture.completedFuture(this);
    }

    private void ended(@Nullable Throwable cause) {
        group = null;
        if (cause == null) {
            exit.complete(null);
        } else if (stopping || isRouted.getAsBoolean()) {
            exit.completeExceptionally(cause);
        } else {
            retry = scheduler.schedule(backoff.delay(failures++, random), this::start);
        }
    }

    @Override
    public CompletionStage<Void> exit() {
        return exit;
    }

    @Override
    public void stop(Duration deadline) {
        end(running -> running.stop(deadline));
    }

    @Override
    public void kill() {
        end(ChildSpec.Child::kill);
    }

    private void end(Consumer<ChildSpec.Child> how) {
        scheduler.execute(() -> {
            stopping = true;
            if (retry != null) {
                retry.cancel();
            }
            if (group == null) {
                exit.complete(null);
            } else {
                how.accept(group);
            }
        });
    }
}
