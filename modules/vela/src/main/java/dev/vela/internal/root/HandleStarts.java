package dev.vela.internal.root;

import dev.vela.ChildSpec;
import dev.vela.internal.handle.Handle;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.Threads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Starts handles under the names of a runtime, and withdraws the starts that their callers gave up.
 *
 * <p>Thread-safe.
 */
final class HandleStarts {
    private final RuntimeResources resources;
    private final Registry registry;

    HandleStarts(RuntimeResources resources, Registry registry) {
        this.resources = resources;
        this.registry = registry;
    }

    /** Starts a handle and waits for it. An interrupt withdraws the start, unless the handle exists already. */
    <T> Handle<T> start(HandleSpec<T> spec) throws PulsarClientException {
        if (spec.needsLookUp()) {
            Threads.checkMayBlock("start", "startAsync");
        }
        CompletableFuture<Handle<T>> started = startAsync(spec.childSpec(), spec);
        try {
            return started.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (started.cancel(false) || started.isCompletedExceptionally()) {
                throw new PulsarClientException(new InterruptedException("interrupted in start: it is not started"));
            }
            return started.join(); // it existed already
        } catch (ExecutionException e) {
            throw PulsarClientException.unwrap(e.getCause());
        }
    }

    /**
     * Starts a handle. Cancelling the future, or failing it in another way, withdraws the start or stops the handle.
     *
     * @param cast to the type that the builder promised
     */
    <T, P> CompletableFuture<P> startAsync(HandleSpec<T> spec, Function<Handle<T>, P> cast) {
        CompletableFuture<Handle<T>> started = startAsync(spec.childSpec(), spec);
        CompletableFuture<P> handedOut = started.thenApply(cast);
        handedOut.whenComplete((producer, failure) -> {
            if (failure != null && !started.cancel(false)) {
                started.thenAccept(unwanted -> unwanted.stopAsync(Duration.ZERO));
            }
        });
        return handedOut;
    }

    /**
     * Starts a handle; the future is complete at once if nothing has to be looked up. Blocks for a second at most, if a
     * customizer must be asked first. The future belongs to the caller: cancelling it, or completing it in another way,
     * before the handle exists withdraws the start.
     */
    <T> CompletableFuture<Handle<T>> startAsync(ChildSpec spec, HandleSpec<T> handleSpec) {
        NamedChild registration;
        try {
            registration = registry.register(resources, spec);
        } catch (PulsarClientException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Handle<T>> started = new CompletableFuture<>();
        started.whenComplete((handle, failure) -> registry.withdraw(registration));
        registration.withdrawn().thenRun(() -> started.completeExceptionally(withdrawn(spec)));
        CompletableFuture<Handle<T>> made = handleSpec.handle(resources, registration);
        BiConsumer<Handle<T>, Throwable> next = (handle, failure) -> {
            if (failure != null) {
                started.completeExceptionally(failure);
            } else if (!registry.begin(registration, handle)) {
                resources.callbacks().execute(handle::closeContext);
                started.completeExceptionally(withdrawn(spec));
            } else if (!started.complete(handle)) {
                registration.stop(Duration.ZERO); // cancelled at the very moment when it began
            }
        };
        if (made.isDone()) {
            made.whenComplete(next);
        } else {
            made.whenCompleteAsync(next, resources.callbacks());
        }
        return started;
    }

    private static PulsarClientException withdrawn(ChildSpec spec) {
        return new PulsarClientException.AlreadyClosedException(spec.id() + " was stopped before it had started");
    }
}
