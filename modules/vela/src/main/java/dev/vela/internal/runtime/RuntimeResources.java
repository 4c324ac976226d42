package dev.vela.internal.runtime;

import dev.vela.RestartIntensity;
import dev.vela.SendObserver;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import dev.vela.VelaMetrics;
import dev.vela.internal.lane.Budget;
import dev.vela.internal.lane.Buffers;
import dev.vela.internal.lane.Pace;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.live.EventLog;
import dev.vela.internal.pulsar.ClientMemory;
import dev.vela.internal.pulsar.Topics;
import dev.vela.internal.scheduling.ControlThread;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources that all handles of a runtime share: client, threads, budget, listeners.
 *
 * <p>Thread-safe.
 */
public final class RuntimeResources {
    public static final Duration TICK = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(RuntimeResources.class);
    private static final AtomicInteger INSTANCES = new AtomicInteger();
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(3);
    private static final int CALLBACK_THREADS = 16;
    private static final int WORKERS = 16;
    private static final long BUFFER_BYTES =
            Math.min(128L << 20, Runtime.getRuntime().maxMemory() / 8);

    private final PulsarClient client;
    private final RestartIntensity topLevelIntensity;
    private final ControlThread control;
    private final Pool callbacks;
    private final Pool workers;
    private final String closerName;
    private final List<VelaMetrics> metrics;
    private final List<VelaMetrics> bound = new CopyOnWriteArrayList<>();
    private final List<SendObserver<?>> observers;
    private final Events events;
    private final Events records;
    private final ClientMemory memory;
    private final Budget budget;
    private final Buffers buffers = new Buffers(BUFFER_BYTES);
    private final Pace persistentPace = new Pace();
    private final Pace nonPersistentPace = new Pace();
    private final LookUps lookUps = new LookUps(this);
    private final RandomGenerator random = new SplittableRandom(); // in java.base, unlike jdk.random
    private final Set<Runnable> tickers = new LinkedHashSet<>(); // control thread only

    /** Starts the control thread. Events are recorded in the given log, on a worker. */
    public RuntimeResources(PulsarClient client, VelaOptions options, EventLog eventLog) {
        int instance = INSTANCES.incrementAndGet();
        this.client = client;
        this.topLevelIntensity = options.restartIntensity();
        this.control = new ControlThread(Threads.CONTROL + instance);
        this.callbacks = pool(Threads.CALLBACK + instance, CALLBACK_THREADS);
        this.workers = pool(Threads.WORKER + instance, WORKERS);
        this.closerName = Threads.WORKER + instance + "-aside";
        this.metrics = options.metrics();
        this.observers = options.observers();
        this.events = new Events(
                Stream.concat(options.listeners().stream(), metrics.stream()).toList(), callbacks);
        this.records = new Events(List.of(eventLog::add), workers);
        this.memory = new ClientMemory(client);
        this.budget = budget(options);
        control.schedule(TICK, this::tick);
    }

    /*
     * All messages pending in a client share its memory limit. Messages stuck in one producer must leave room for the
     * other producers, or these stall until the client drops the stuck messages.
     */
    private Budget budget(VelaOptions options) {
        boolean bounded = memory.limit() > 0 && memory.limit() < options.maxPendingBytes();
        return new Budget(
                bounded ? "the runtime's budget, which the client's memory limit bounds" : "the runtime's budget",
                options.maxPendingMessages(),
                bounded ? memory.limit() : options.maxPendingBytes(),
                new RoomSignal(),
                bounded);
    }

    private Pool pool(String name, int size) {
        AtomicInteger number = new AtomicInteger();
        return new Pool(
                name,
                size,
                task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                control);
    }

    public PulsarClient client() {
        return client;
    }

    /** Why the client can no longer be used, if the application has closed it. A closed client is never reopened. */
    @Nullable
    public PulsarClientException clientIsClosed() {
        return client.isClosed()
                ? new PulsarClientException.AlreadyClosedException("the Pulsar client of this Vela was closed")
                : null;
    }

    public LookUps lookUps() {
        return lookUps;
    }

    public RestartIntensity topLevelIntensity() {
        return topLevelIntensity;
    }

    public ControlThread control() {
        return control;
    }

    /** The threads for the application's callbacks, which may block. */
    public Executor callbacks() {
        return callbacks;
    }

    /** Whether any callbacks wait for a thread. */
    boolean areCallbacksAwaited() {
        return callbacks.isAwaited();
    }

    /** Whether the callback threads have been ended: a task given to them now runs within the call. */
    boolean areCallbacksOver() {
        return callbacks.isClosed();
    }

    /** The threads for calls of the client, which may block for a moment, or for longer in an interceptor. */
    Executor workers() {
        return workers;
    }

    public ClientMemory memory() {
        return memory;
    }

    public Budget budget() {
        return budget;
    }

    /** The pace of all lanes that publish to topics of the same kind: a non-persistent topic answers much sooner. */
    public Pace pace(String topic) {
        return Topics.isPersistent(topic) ? persistentPace : nonPersistentPace;
    }

    /** The metrics of the application. */
    public List<VelaMetrics> metrics() {
        return metrics;
    }

    /**
     * Makes the runtime known to its metrics. Only those that accept it are closed with it: others may serve another
     * runtime. Throws what the first one that does not accept it throws.
     */
    public void bindMetrics(Vela vela) {
        for (VelaMetrics each : metrics) {
            each.bind(vela);
            bound.add(each);
        }
    }

    /** The observers of messages. */
    public List<SendObserver<?>> observers() {
        return observers;
    }

    public Buffers buffers() {
        return buffers;
    }

    /** Control thread only. */
    public RandomGenerator random() {
        return random;
    }

    public void event(
            VelaEvent.Type type, String name, String topic, @Nullable String producer, @Nullable Throwable cause) {
        log.debug("{} {} {} {}", type, name, topic, producer, cause);
        VelaEvent event = new VelaEvent(
                type, Instant.now(), name, topic, Optional.ofNullable(producer), Optional.ofNullable(cause));
        records.publish(event);
        events.publish(event);
    }

    /** Makes a call on a worker, since the call may block, and passes its result on. */
    <V> CompletableFuture<V> callOut(Callable<CompletableFuture<V>> call) {
        return callOut(workers, call);
    }

    /** The same on the threads of the given executor, which may be a share of the workers. */
    <V> CompletableFuture<V> callOut(Executor on, Callable<CompletableFuture<V>> call) {
        CompletableFuture<V> result = new CompletableFuture<>();
        on.execute(() -> {
            try {
                call.call().whenComplete((value, failure) -> {
                    if (failure == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Runs the task once each second on the control thread, until the task is removed. Control thread only. */
    public void addTicker(Runnable ticker) {
        control.assertCurrent();
        tickers.add(ticker);
    }

    /** Control thread only. */
    public void removeTicker(Runnable ticker) {
        control.assertCurrent();
        tickers.remove(ticker);
    }

    private void tick() {
        control.schedule(TICK, this::tick);
        workers.relieve();
        tickers.forEach(control::execute);
    }

    /** Runs a task on a new thread: for a task that must not wait for a thread, and may run user code. */
    public void aside(Runnable task) {
        Thread thread = new Thread(task, closerName);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            callbacks.execute(task);
        }
    }

    private static void close(VelaMetrics metrics) {
        try {
            metrics.close();
        } catch (Throwable e) {
            log.warn("Metrics do not close", e);
        }
    }

    /**
     * Ends the threads, once the tasks given to the pools are done. Later callbacks run on the thread that submits
     * them; later calls of the client, such as the close of a producer that came too late, still run on a worker.
     *
     * <p>Waits until the metrics have closed and the withdrawal is done, so that those of a next runtime of this name do
     * not meet them, and until the last events are recorded; for 3 s at most, since all of these run code of others.
     *
     * @param withdrawal withdraws the runtime from tools; run on a thread of its own
     */
    public void close(Runnable withdrawal) {
        Stream<CompletableFuture<?>> others =
                Stream.of(CompletableFuture.runAsync(withdrawal, this::aside), records.whenTold());
        control.close();
        workers.endWhenIdle();
        CompletableFuture<?> closed = CompletableFuture.allOf(Stream.concat(
                        bound.stream().map(one -> CompletableFuture.runAsync(() -> close(one), callbacks)), others)
                .toArray(CompletableFuture<?>[]::new));
        callbacks.close();
        try {
            closed.get(CLOSE_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("Metrics, listeners of the MBean server or the record of events do not end in time", e);
        }
    }
}
