package dev.vela.internal.producer;

import dev.vela.ChildSpec;
import dev.vela.InFlightPolicy;
import dev.vela.ProducerState;
import dev.vela.internal.checks.Checks;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a producer in its slot: created, watched, and finally dead or stopped.
 *
 * <p>Confined to the control thread, except {@link #stop}, {@link #kill} and {@link #exit}, which any thread may call.
 * A child dies of a failure that it cannot repair itself, and its supervisor starts another child. Being refused,
 * fenced or waiting is not death: the child stays, and shows it in its state.
 */
final class ProducerChild implements ChildSpec.Child {
    private static final Logger log = LoggerFactory.getLogger(ProducerChild.class);
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(3);
    private static final Duration DRAIN_POLL = Duration.ofMillis(5);
    private static final Duration WAITING_SIGN = Duration.ofMillis(500);

    /** A broker notices within twice its keep-alive, 30 s by default, that a connection is gone. */
    private static final Duration GHOST_LIMIT = Duration.ofSeconds(60);

    private final ProducerOperations operations;
    private final ProducerSlot slot;
    private final ProducerSettings<?> settings;
    private final Scheduler scheduler;
    private final CompletableFuture<Void> exit = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>(); // completed on the control thread

    private @Nullable EntryPublisher publisher;
    private Scheduler.@Nullable Cancellable retry;
    private int failedAttempts;
    private int refusals;
    private int attempt;
    private volatile boolean stopping; // written on the control thread
    private boolean ended;
    private boolean probing;
    private boolean creating;
    private boolean restartAsked; // while an attempt with less access was under way
    private boolean ghostSeen;
    private long ghostSeenAt;
    private boolean connected; // at the last look
    private long connectedOrNotSince;
    private long lastDisconnected;

    ProducerChild(ProducerOperations operations, ProducerSlot slot, ProducerSettings<?> settings, Scheduler scheduler) {
        this.operations = operations;
        this.slot = slot;
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /** Starts the child's life, after the given delay. */
    void start(Duration delay) {
        moveTo(ProducerState.STARTING, null);
        if (delay.isZero()) {
            create();
        } else {
            retry = scheduler.schedule(delay, this::create);
        }
    }

    private void create() {
        retry = null;
        if (slot.state() == ProducerState.RESTARTING) {
            moveTo(ProducerState.STARTING, null);
        }
        int mine = ++attempt;
        creating = true;
        AtomicBoolean unwanted = new AtomicBoolean();
        ProducerAccessMode asked = slot.access().next();
        operations.create(slot.producerName().current(), asked).whenComplete((created, failure) -> {
            scheduler.execute(() -> created(mine, created, failure, unwanted));
            if (stopping && created != null) {
                closeUnwanted(created, unwanted);
            }
        });
        if (asked == ProducerAccessMode.WaitForExclusive) {
            scheduler.schedule(WAITING_SIGN, () -> lookForSignOfWaiting(mine));
        }
    }

    /*
     * A producer that arrives after the stop must be closed even if the control thread has ended since and dropped the
     * task that would close it: the user's client would keep the producer. So the thread that completes the creation
     * first queues the task for the control thread, then checks whether the child is stopping. If the task was dropped,
     * the stop came before, and the check sees it.
     */
    private void closeUnwanted(EntryPublisher fresh, AtomicBoolean unwanted) {
        if (unwanted.compareAndSet(false, true)) {
            close(fresh);
        }
    }

    private void created(
            int mine, @Nullable EntryPublisher fresh, @Nullable Throwable failure, AtomicBoolean unwanted) {
        if (stopping || mine != attempt) {
            if (fresh != null) {
                closeUnwanted(fresh, unwanted);
            }
            return;
        }
        creating = false;
        boolean askAnew = restartAsked;
        restartAsked = false;
        if (fresh != null) {
            granted(fresh);
            return;
        }
        Throwable cause = failure == null ? new IllegalStateException("no producer") : Failures.unwrap(failure);
        slot.producerName().failed(cause, settings, scheduler.nanoTime());
        if (Failures.isOfMissingTopic(cause)) {
            slot.access().topicIsGone();
        }
        Failures.Meaning meaning = Failures.ofCreation(cause);
        if (meaning != Failures.Meaning.FENCED) {
            down(meaning, cause);
        } else if (askAnew) {
            create();
        } else if (isByItsGhost(cause)) {
            retryLater(cause);
        } else {
            slot.access().isSomebodyElses();
            down(meaning, cause);
        }
    }

    /**
     * Whether the producer with access is the child's own predecessor, whose connection the broker believes to be
     * alive. Only for a limited time, since another producer may use the same name.
     */
    private boolean isByItsGhost(Throwable cause) {
        if (!slot.access().isHolder()
                || !Failures.isRefusedFor(slot.producerName().current(), cause)) {
            return false;
        }
        long now = scheduler.nanoTime();
        if (!ghostSeen) {
            ghostSeen = true;
            ghostSeenAt = now;
        }
        return now - ghostSeenAt < GHOST_LIMIT.toNanos();
    }

    private void granted(EntryPublisher fresh) {
        switch (slot.access().granted(fresh.topicEpoch())) {
            case TAKEN_OVER -> {
                close(fresh);
                down(
                        Failures.Meaning.FENCED,
                        new PulsarClientException.ProducerFencedException(
                                slot.lane().name() + " was away, and another producer had exclusive access meanwhile"));
            }
            case UNSURE -> {
                String why = "died, and another producer may have had exclusive access since";
                slot.lane().detach(why, slot.lastCause());
                live(fresh);
            }
            case UNBROKEN -> live(fresh);
        }
    }

    private void live(EntryPublisher fresh) {
        publisher = fresh;
        failedAttempts = 0;
        refusals = 0;
        connected = true;
        connectedOrNotSince = scheduler.nanoTime();
        lastDisconnected = fresh.lastDisconnected();
        slot.lane().attach(fresh, () -> isLive(fresh));
    }

    /** The producer now takes new messages: it has everything that its predecessor left. */
    private void isLive(EntryPublisher which) {
        if (which == publisher && !stopping) {
            moveTo(ProducerState.READY, null);
        }
    }

    /*
     * The client does not report that the broker has queued a producer for exclusive access: the creation merely stays
     * pending, as it does while the broker is away. An answered look-up of the topic, started later, tells the two
     * cases apart.
     */
    private void lookForSignOfWaiting(int mine) {
        if (!isPending(mine) || slot.state() == ProducerState.WAITING) {
            return;
        }
        operations
                .lookUp()
                .whenComplete((partitions, failure) -> scheduler.execute(() -> {
                    if (failure == null && isPending(mine)) {
                        slot.lane().detach("died, and its successor waits for exclusive access", slot.lastCause());
                        moveTo(ProducerState.WAITING, null);
                    } else if (isPending(mine)) {
                        scheduler.schedule(WAITING_SIGN, () -> lookForSignOfWaiting(mine));
                    }
                }));
    }

    private boolean isPending(int mine) {
        return creating && !stopping && mine == attempt;
    }

    /** The given producer will never send again. */
    void died(EntryPublisher which, Throwable cause) {
        if (which != publisher) {
            return;
        }
        String why = "died: " + cause.getMessage();
        if (stopping) {
            slot.lane().detach(why, cause); // no successor will come
            return;
        }
        publisher = null;
        slot.access().had(which.topicEpoch());
        if (Failures.isOfMissingTopic(cause)) {
            slot.access().topicIsGone();
        }
        Failures.Meaning meaning = Failures.ofSend(cause);
        if (meaning == Failures.Meaning.FENCED && slot.access().isRefusedByGhosts()) {
            slot.access().wasRefused(); // its successor finds out by which producer: the client may not say
            meaning = Failures.Meaning.DEAD;
        }
        switch (meaning) {
            case TERMINATED -> {
                slot.lane().detach(why, cause);
                close(which);
                down(Failures.Meaning.TERMINATED, cause);
            }
            case FENCED -> {
                slot.lane().detach(why, cause);
                CompletableFuture<Void> closed = close(which);
                if (settings.isStandby()) {
                    endAfter(closed, cause);
                } else {
                    down(Failures.Meaning.FENCED, cause);
                }
            }
            default -> {
                slot.lane().suspend(why, cause);
                endAfter(close(which), cause);
            }
        }
    }

    /*
     * A successor that replays this producer's messages must not start before this producer is closed: the client could
     * reconnect this producer, and its late messages would come after newer ones. The wait has no limit here, since the
     * client gives up after its operation timeout. A successor that asks for access that no producer holds must not
     * find its predecessor there either.
     */
    private void endAfter(CompletableFuture<Void> closed, Throwable cause) {
        moveTo(ProducerState.RESTARTING, cause);
        if (settings.inFlightPolicy() == InFlightPolicy.REPLAY || slot.access().isExclusive()) {
            closed.whenComplete((done, failure) -> scheduler.execute(() -> exit.completeExceptionally(cause)));
        } else {
            exit.completeExceptionally(cause);
        }
    }

    /** Decides when to try again, if at all, after a creation failed or for a producer that must not be replaced. */
    private void down(Failures.Meaning meaning, Throwable cause) {
        switch (meaning) {
            case TERMINATED -> {
                answerKept(cause);
                moveTo(ProducerState.TERMINATED, cause);
            }
            case REFUSED -> {
                answerKept(cause);
                moveTo(ProducerState.REFUSED, cause);
                retry = scheduler.schedule(operations.refusedBackoff(refusals++), this::create);
            }
            case FENCED -> {
                if (settings.isStandby()) {
                    retryLater(cause);
                } else {
                    answerKept(cause);
                    moveTo(ProducerState.FENCED, cause);
                }
            }
            default -> retryLater(cause);
        }
    }

    /** Answers the messages kept for a successor: no successor will come soon. */
    private void answerKept(Throwable cause) {
        slot.lane().detach("died, and could not be replaced: " + cause.getMessage(), cause);
    }

    private void retryLater(Throwable cause) {
        moveTo(ProducerState.RESTARTING, cause);
        retry = scheduler.schedule(operations.backoff(failedAttempts++), this::create);
    }

    /** Tries again at once if the child would stay down, or wait long. */
    void restart() {
        switch (slot.state()) {
            case FENCED, TERMINATED, REFUSED -> {
                cancelRetry();
                refusals = 0;
                slot.access().reset();
                moveTo(ProducerState.STARTING, null);
                if (creating) { // the next attempt is already under way
                    restartAsked = true;
                } else {
                    create();
                }
            }
            default -> {}
        }
    }

    /** Checks on the producer. Called each second. */
    void tick() {
        EntryPublisher current = publisher;
        if (current == null || stopping) {
            return;
        }
        long now = scheduler.nanoTime();
        boolean reconnected = current.lastDisconnected() != lastDisconnected; // perhaps between two ticks
        if (current.isConnected() != connected || (connected && reconnected)) {
            connected = current.isConnected();
            connectedOrNotSince = now;
            lastDisconnected = current.lastDisconnected();
        }
        boolean forLong =
                now - connectedOrNotSince >= settings.disconnectedLimit().toNanos();
        if (connected) {
            if (slot.state() == ProducerState.RECONNECTING) {
                moveTo(ProducerState.READY, null);
            }
            if (forLong) {
                replaceIfStuck(current);
            }
            return;
        }
        if (slot.state() == ProducerState.READY) {
            moveTo(ProducerState.RECONNECTING, null);
        }
        if (forLong && !slot.access().isExclusive()) { // only the client's producer knows whether it was fenced
            died(
                    current,
                    new PulsarClientException(slot.lane().name() + " was not connected for "
                            + Checks.text(settings.disconnectedLimit())));
        } else if (!probing) {
            probe(current);
        }
    }

    /*
     * The client ignores some refusals of the broker, such as for an entry above the topic's own limit that is not the
     * head of its queue, and waits for a receipt that never comes. A timed-out message would then hold its room
     * forever. A producer that has just come back from a frozen broker has not heard anything for a long time either,
     * but is sending everything again.
     */
    private void replaceIfStuck(EntryPublisher current) {
        Duration limit = settings.disconnectedLimit();
        if (slot.lane().isStuck(limit)) {
            died(
                    current,
                    new PulsarClientException(slot.lane().name() + " had no receipt for " + Checks.text(limit)
                            + (settings.inFlightPolicy() == InFlightPolicy.REPLAY
                                    ? ", though messages are in flight"
                                    : ", beyond the timeout of its oldest message")));
        }
    }

    /**
     * A probe is also refused while the client's memory is full, for instance: then it says nothing about the producer.
     */
    private void probe(EntryPublisher current) {
        probing = true;
        operations
                .probe(current)
                .whenComplete((cause, failure) -> scheduler.execute(() -> {
                    probing = false;
                    if (failure != null) {
                        log.warn("{} could not be probed", slot.lane().name(), failure);
                    } else if (cause != null && Failures.isDeath(cause)) {
                        died(current, cause);
                    }
                }));
    }

    @Override
    public CompletionStage<Void> exit() {
        return exit;
    }

    /**
     * Closes its producer now, for good. The child ends when its supervisor asks for it, and the producer is closed or
     * the grace period is over. So the producers of many supervisors are closed together.
     */
    void closeAhead(Duration grace) {
        stopping = true;
        cancelRetry();
        slot.lane().endIntake();
        end(grace);
    }

    @Override
    public void stop(Duration deadline) {
        scheduler.execute(() -> {
            closed.whenComplete((done, failure) -> exit.complete(null));
            if (!stopping) {
                stopping = true;
                cancelRetry();
                slot.lane().endIntake();
                drain(scheduler.nanoTime() + drainNanos(deadline));
            }
        });
    }

    /** Leaves time to close the producer before the deadline. */
    private static long drainNanos(Duration deadline) {
        long nanos = TimeUnit.NANOSECONDS.convert(deadline);
        return nanos - Math.min(nanos / 2, CLOSE_GRACE.toNanos());
    }

    private void drain(long deadline) {
        if (publisher != null && slot.lane().inFlight() > 0 && deadline - scheduler.nanoTime() > 0) {
            scheduler.schedule(DRAIN_POLL, () -> drain(deadline));
        } else {
            end(CLOSE_GRACE);
        }
    }

    @Override
    public void kill() {
        scheduler.execute(() -> {
            stopping = true;
            cancelRetry();
            end(CLOSE_GRACE);
            exit.complete(null);
        });
    }

    /** Runs once: a kill during the drain ends the drain, and the slot then belongs to the successor. */
    private void end(Duration grace) {
        if (ended) {
            return;
        }
        ended = true;
        EntryPublisher last = publisher;
        slot.lane().detach("was stopped", last == null ? slot.lastCause() : null);
        publisher = null;
        if (slot.state() != ProducerState.STOPPED) {
            moveTo(ProducerState.STOPPED, null);
        }
        if (last == null) {
            closed.complete(null);
            return;
        }
        Scheduler.Cancellable giveUp = scheduler.schedule(grace, () -> closed.complete(null));
        close(last)
                .whenComplete((done, failure) -> scheduler.execute(() -> {
                    giveUp.cancel();
                    closed.complete(null);
                }));
    }

    private CompletableFuture<Void> close(EntryPublisher last) {
        return operations.close(last).whenComplete((done, failure) -> {
            if (failure != null) { // the client then keeps the producer, and the memory of its messages
                log.warn("{} did not close cleanly: {}", slot.lane().name(), failure.toString());
            }
        });
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }

    private void moveTo(ProducerState state, @Nullable Throwable cause) {
        scheduler.assertCurrent();
        operations.transition(slot, state, cause);
    }
}
