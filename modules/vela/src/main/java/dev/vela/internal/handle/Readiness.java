package dev.vela.internal.handle;

import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.internal.checks.Checks;
import dev.vela.internal.runtime.Threads;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait until a handle is ready, or usable.
 *
 * <p>Any thread that may block can wait; the control thread notifies.
 */
final class Readiness {
    private final Availability handle;
    private final Scheduler control;
    private final List<CompletableFuture<Void>> untilReady = new ArrayList<>(); // control thread only
    private final List<CompletableFuture<Void>> untilUsable = new ArrayList<>(); // control thread only
    private final List<Opening> openings = new ArrayList<>(); // control thread only

    Readiness(Availability handle, Scheduler control) {
        this.handle = handle;
        this.control = control;
    }

    void awaitReady(Duration timeout) throws PulsarClientException {
        await("awaitReady", untilReady, timeout);
    }

    void awaitUsable(Duration timeout) throws PulsarClientException {
        await("awaitUsable", untilUsable, timeout);
    }

    /** Waits until the first attempt to create each producer has been answered, or, lazily, until one can send. */
    private record Opening(CompletableFuture<Void> opened, boolean lazily) {}

    /**
     * Completes when the first attempt to create each producer has been answered, or, lazily, as soon as one of them can
     * send. Fails with the first cause if one, or lazily each, could not be created. Never blocks; completed on the
     * control thread.
     */
    CompletableFuture<Void> whenOpened(boolean lazily) {
        CompletableFuture<Void> opened = new CompletableFuture<>();
        control.execute(() -> {
            openings.add(new Opening(opened, lazily));
            tell();
        });
        if (handle.lifecycle().isOver()) {
            opened.completeExceptionally(handle.stopped()); // the control thread may have ended
        }
        return opened;
    }

    private void tellOpenings(HandleState state) {
        boolean isUsable = state == HandleState.READY || state == HandleState.DEGRADED;
        List<Throwable> causes = handle.isAnswered() ? handle.causes() : List.of();
        for (Opening opening : openings) {
            if (state == HandleState.READY || (isUsable && opening.lazily())) {
                opening.opened().complete(null);
            } else if (!causes.isEmpty()) {
                opening.opened().completeExceptionally(causes.get(0));
            }
        }
        NoProducersAvailableException hopeless = handle.hopeless();
        if (hopeless != null && (causes.isEmpty() || handle.lifecycle().isOver())) {
            openings.forEach(opening -> opening.opened().completeExceptionally(hopeless));
        }
        openings.removeIf(opening -> opening.opened().isDone());
    }

    private void await(String what, List<CompletableFuture<Void>> waiters, Duration timeout)
            throws PulsarClientException {
        Checks.positive("timeout", timeout);
        Threads.checkMayBlock(what, "a listener");
        CompletableFuture<Void> reached = new CompletableFuture<>();
        control.execute(() -> {
            waiters.add(reached);
            tell();
        });
        if (handle.lifecycle().isOver()) {
            reached.completeExceptionally(handle.stopped()); // the control thread may have ended
        }
        try {
            reached.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            reached.cancel(false);
            throw new NoProducersAvailableException(
                    handle.name() + " is " + handle.state() + " after " + Checks.text(timeout), handle.causes());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PulsarClientException.unwrap(e);
        } catch (ExecutionException e) {
            throw PulsarClientException.unwrap(e.getCause());
        }
    }

    /** Notifies the calls whose wait is over, successfully or not. On the control thread. */
    void tell() {
        control.assertCurrent();
        boolean readyIsAwaited = isAwaited(untilReady);
        if (!isAwaited(untilUsable) && !readyIsAwaited && openings.isEmpty()) {
            return;
        }
        HandleState state = handle.state();
        if (!openings.isEmpty()) {
            tellOpenings(state);
        }
        if (state == HandleState.READY) {
            complete(untilReady, null);
        }
        if (state == HandleState.READY || state == HandleState.DEGRADED) {
            complete(untilUsable, null);
            return;
        }
        NoProducersAvailableException hopeless = handle.hopeless();
        if (hopeless != null) {
            complete(untilReady, hopeless);
            complete(untilUsable, hopeless);
        }
    }

    private static boolean isAwaited(List<CompletableFuture<Void>> waiters) {
        waiters.removeIf(CompletableFuture::isDone);
        return !waiters.isEmpty();
    }

    private static void complete(List<CompletableFuture<Void>> waiters, @Nullable Throwable failure) {
        for (CompletableFuture<Void> waiter : waiters) {
            if (failure == null) {
                waiter.complete(null);
            } else {
                waiter.completeExceptionally(failure);
            }
        }
        waiters.clear();
    }
}
