package dev.vela.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The first SIGINT or SIGTERM, which asks the command to finish its work in progress, report and end. A second signal
 * ends the process at once.
 *
 * <p>Thread-safe.
 */
final class Interruption {

    private static final int SIGNAL_BASE = 128;
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    /** Creates an interruption that only {@link #request} triggers. */
    Interruption() {}

    /** Returns an interruption that the process's signals trigger. */
    static Interruption onSignals() {
        Interruption interruption = new Interruption();
        interruption.handle("INT", SIGNAL_BASE + SIGINT);
        interruption.handle("TERM", SIGNAL_BASE + SIGTERM);
        return interruption;
    }

    /*
     * Only sun.misc.Signal lets a process receive a signal and survive. The module jdk.unsupported exports the class on
     * purpose, but javac's warning about it cannot be turned off, so the class is used by reflection. Where the class
     * is missing, a signal ends the process as usual.
     */
    private void handle(String name, int exitStatus) {
        InvocationHandler handler = (proxy, method, args) -> switch (method.getName()) {
            case "handle" -> {
                request(exitStatus);
                yield null;
            }
            case "equals" -> proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "interruption by SIG" + name;
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            Object ours =
                    Proxy.newProxyInstance(signalHandler.getClassLoader(), new Class<?>[] {signalHandler}, handler);
            signal.getMethod("handle", signal, signalHandler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // The default action stays.
        }
    }

    /** Asks the command to end with this status; the second time, ends the process. */
    void request(int exitStatus) {
        if (!status.complete(exitStatus)) {
            Runtime.getRuntime().halt(exitStatus);
        }
    }

    boolean isRequested() {
        return status.isDone();
    }

    /** Returns the requested exit status, or {@code otherwise} if no end was requested. */
    int statusOr(int otherwise) {
        return status.getNow(otherwise);
    }

    /** Waits until the end is requested, or the given time has passed. Returns whether the end was requested. */
    boolean await(Duration time) throws InterruptedException {
        try {
            status.get(time.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("the status never fails", e);
        }
    }

    /** Runs a task on a separate thread, which does not keep the process alive. */
    static <T> CompletableFuture<T> inBackground(String name, Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(task.call());
                    } catch (Throwable failure) {
                        result.completeExceptionally(failure);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /**
     * Waits for a result, or until the end is requested.
     *
     * @throws SignalledException if the end was requested first
     * @throws Exception the failure of the result
     */
    <T> T unlessRequested(CompletableFuture<T> result) throws Exception {
        CompletableFuture.anyOf(result.handle((value, failure) -> true), status).get();
        if (!result.isDone()) {
            throw new SignalledException(status.join());
        }
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
