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
 * One life of a producer in its slot: created, watched, and in the end dead or stopped.
 *
 * <p>Confined to the control thread, but for {@link #stop}, {@link #kill} and {@link #exit}, which any thread may call.
 * What it cannot cure itself it dies of, and its supervisor starts another one. Being refused, fenced or waiting is not
 * death: the child stays, and says so by its state.
 */
final class ProducerChild implements ChildSpec.Child {
    private static final Logger log = LoggerFactory.getLogger(ProducerChild.class);
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(3);
    private static final Duration DRAIN_POLL = Duration.ofMillis(5);
    private static final Duration WAITING_SIGN = Duration.ofMillis(500);

    /** A broker finds out within twice its keep-alive, 30 s by default, that a connection is gone. */
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
    private boolean restartAsked; // while an attempt was under way that asked for less
    private boolean ghostSeen;
    private long ghostSeenAt;
    private boolean connected; // when it was last looked at
    private long connectedOrNotSince;
    private long lastDisconnected;

    ProducerChild(ProducerOperations operations, ProducerSlot slot, ProducerSettings<?> settings, Scheduler scheduler) {
        this.operations = operations;
        this.slot = slot;
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /** Begins its life, after the given delay. */
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
     * One that arrives after the stop must be closed even where the control thread has ended since, and with it the task
     * that would do so: a client of the user's would keep it. So whoever brings it first hops there and then looks whether
     * this is stopping; if the task was dropped, the stop came before it, and the look shows it.
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
     * Whether it is its own predecessor that has access, whose connection the broker believes to be alive. For so long only:
     * somebody else may use its name.
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

    /** Its producer takes new messages: it has what its predecessor left. */
    private void isLive(EntryPublisher which) {
        if (which == publisher && !stopping) {
            moveTo(ProducerState.READY, null);
        }
    }

    /*
     * The client does not tell that the broker has queued a producer for exclusive access: its creation merely stays
     * pending, as it does while the broker is away. A look-up of the topic that was begun later and is answered tells
     * the two apart.
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
            slot.lane().detach(why, cause); // there will be no successor
            return;
        }
        publisher = null;
        slot.access().had(which.topicEpoch());
        if (Failures.isOfMissingTopic(cause)) {
            slot.access().topicIsGone();
        }
        Failures.Meaning meaning = Failures.ofSend(cause);
        if (meaning == Failures.Meaning.FENCED && slot.access().isRefusedByGhosts()) {
            slot.access().wasRefused(); // its successor finds out by whom: the client may not say
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
     * A successor that sends again what this one left must not begin before this one is closed: the client could reconnect
     * it, and what it then sends late would come after what is newer. However long that takes: the client gives up by its
     * operation timeout. One that asks for what nobody has must not find its predecessor there either.
     */
    private void endAfter(CompletableFuture<Void> closed, Throwable cause) {
        moveTo(ProducerState.RESTARTING, cause);
        if (settings.inFlightPolicy() == InFlightPolicy.REPLAY || slot.access().isExclusive()) {
            closed.whenComplete((done, failure) -> scheduler.execute(() -> exit.completeExceptionally(cause)));
        } else {
            exit.completeExceptionally(cause);
        }
    }

    /** It could not be created, or must not be replaced: decides when to try again, if at all. */
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

    /** What was kept for a successor is answered: there will be none soon. */
    private void answerKept(Throwable cause) {
        slot.lane().detach("died, and could not be replaced: " + cause.getMessage(), cause);
    }

    private void retryLater(Throwable cause) {
        moveTo(ProducerState.RESTARTING, cause);
        retry = scheduler.schedule(operations.backoff(failedAttempts++), this::create);
    }

    /** Tries again at once where it would stay down, or wait long. */
    void restart() {
        switch (slot.state()) {
            case FENCED, TERMINATED, REFUSED -> {
                cancelRetry();
                refusals = 0;
                slot.access().reset();
                moveTo(ProducerState.STARTING, null);
                if (creating) { // the next attempt is under way already
                    restartAsked = true;
                } else {
                    create();
                }
            }
            default -> {}
        }
    }

    /** Looks after the producer: called each second. */
    void tick() {
        EntryPublisher current = publisher;
        if (current == null || stopping) {
            return;
        }
        long now = scheduler.nanoTime();
        boolean reconnected = current.lastDisconnected() != lastDisconnected; // perhaps between two looks
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
        if (forLong && !slot.access().isExclusive()) { // the client's own knows whether it was fenced; no other could
            died(
                    current,
                    new PulsarClientException(slot.lane().name() + " was not connected for "
                            + Checks.text(settings.disconnectedLimit())));
        } else if (!probing) {
            probe(current);
        }
    }

    /*
     * The client ignores some refusals of the broker, such as that of an entry above the topic's own limit when it is not
     * the head of its queue, and waits for a receipt that never comes. What timed out then would hold its room for ever.
     * One that has just come back from a frozen broker has heard nothing for long either, but is sending all of it again.
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

    /** It is also refused while the client's memory is full, for instance: then it says nothing. */
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
     * Closes its producer now, for good; the child ends when its supervisor asks for it, and the producer is closed or the
     * grace is over. So the producers of many supervisors are closed together.
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

    /** Once: a kill during the drain ends it, and the slot then belongs to the successor. */
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
            if (failure != null) { // the client then keeps it, with the memory of what it has
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
