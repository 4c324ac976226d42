package dev.vela.test;

import dev.vela.BudgetExceededException;
import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.ProducerState;
import dev.vela.ProducerWaitingException;
import dev.vela.SendTimeoutException;
import dev.vela.Snapshot;
import dev.vela.internal.checks.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.jspecify.annotations.Nullable;

/**
 * The state of a mock: its messages, and what it answers to them.
 *
 * <p>Not thread-safe: guarded by its owner's lock. Answers are given by {@link Deliveries}, without that lock.
 */
final class MockCore {
    private static final long LEDGER = 1;

    private final MockSettings<?> settings;
    private final Deliveries deliveries;
    private final Runnable whenStopped;
    private final List<SentMessage> sent = new ArrayList<>();
    private final Deque<MockSend> pending = new ArrayDeque<>(); // in the order of their sends
    private final Queue<MockAnswer> script = new ArrayDeque<>();
    private HandleState state = HandleState.READY;
    private Instant since = Instant.now();
    private @Nullable Throwable cause; // of the state
    private boolean waitsForAccess;
    private boolean automatic = true;
    private boolean full;
    private int restarts;
    private long nextSequenceId;
    private long lastSequenceId = -1;
    private long stored;
    private long storedBytes;
    private long failed;

    /**
     * Creates a ready producer.
     *
     * @param whenStopped delivered once, when it has stopped
     */
    MockCore(MockSettings<?> settings, Deliveries deliveries, Runnable whenStopped) {
        this.settings = settings;
        this.deliveries = deliveries;
        this.whenStopped = whenStopped;
    }

    // ---- what it knows

    HandleState state() {
        return state;
    }

    boolean isUsable() {
        return state == HandleState.READY || state == HandleState.DEGRADED;
    }

    boolean isOver() {
        return state == HandleState.STOPPING || state == HandleState.STOPPED;
    }

    List<SentMessage> sent() {
        return List.copyOf(sent);
    }

    List<MockSend> pending() {
        return List.copyOf(pending);
    }

    int restarts() {
        return restarts;
    }

    long lastSequenceId() {
        return lastSequenceId;
    }

    MockStats stats(double seconds) {
        return new MockStats(seconds, stored, storedBytes, failed, pending.size());
    }

    // ---- what a test decides

    void clear() {
        sent.clear();
        script.clear();
    }

    void answerAutomatically(boolean enabled) {
        automatic = enabled;
    }

    void full(boolean isFull) {
        full = isFull;
    }

    void script(MockAnswer answer) {
        script.add(answer);
    }

    /** Enters a state other than those of a stop. */
    void enter(HandleState next, @Nullable Throwable why, boolean standby) {
        checkNotStopped();
        moveTo(next);
        cause = why;
        waitsForAccess = standby;
        if (isUsable()) {
            pending.forEach(send -> send.isHanded = true);
            return;
        }
        if (next == HandleState.DOWN || next == HandleState.FAILED) {
            String how = " died" + (why == null ? "" : ": " + why.getMessage());
            failWhere(send -> send.isHanded, new ProducerDiedException(producerName(0) + how, why));
        }
        PulsarClientException refusal = refusalByState();
        if (refusal != null) {
            failWhere(send -> !send.isHanded, refusal);
        }
    }

    void restart() {
        checkNotStopped();
        restarts++;
        if (state == HandleState.DOWN || state == HandleState.FAILED) {
            moveTo(HandleState.RESTARTING);
        }
    }

    private void checkNotStopped() {
        if (isOver()) {
            throw new IllegalStateException(settings.name() + " was stopped: start it anew");
        }
    }

    /** Accepts no more messages; fails all that have no answer, if it must not wait for them. */
    void stop(boolean atOnce) {
        if (!isOver()) {
            moveTo(HandleState.STOPPING);
        }
        if (atOnce) {
            failWhere(send -> send.isHanded, new ProducerDiedException(producerName(0) + " was stopped", null));
            failWhere(send -> true, stopped());
        }
    }

    private void moveTo(HandleState next) {
        state = next;
        since = Instant.now();
    }

    // ---- accepting

    /** Accepts a message, or fails it. Only before a stop. */
    void accept(MockSend send, boolean mayBlock) {
        PulsarClientException refusal = hasRoom() ? refusalByState() : budgetExceeded(mayBlock);
        if (refusal != null) {
            fail(send, refusal);
            return;
        }
        long chosen = send.message.sequenceId();
        send.sequenceId = chosen >= 0 ? chosen : nextSequenceId;
        nextSequenceId = Math.max(nextSequenceId, send.sequenceId + 1);
        send.isHanded = isUsable();
        sent.add(send.message);
        pending.add(send);
    }

    /** Counts a message that failed before it was accepted. */
    void refused() {
        failed++;
    }

    private boolean hasRoom() {
        return !full && pending.size() < (long) settings.maxPendingMessages() * settings.producers();
    }

    private BudgetExceededException budgetExceeded(boolean mayBlock) {
        if (!settings.blockIfQueueFull()) {
            return new BudgetExceededException("the producer's budget is full, and this producer is set to fail then");
        }
        return new BudgetExceededException(
                mayBlock
                        ? "the producer's budget stayed full for the message's whole timeout"
                        : "the producer's budget is full, and this thread must not block: "
                                + Thread.currentThread().getName());
    }

    /** Why no message can wait in this state; null if it can. */
    private @Nullable PulsarClientException refusalByState() {
        if (waitsForAccess) {
            return new ProducerWaitingException(settings.topic() + ": its producers wait for exclusive access");
        }
        return switch (state) {
            case READY, DEGRADED -> null;
            case STARTING, RESTARTING -> settings.failFast() ? unavailable("has no producer ready") : null;
            case DOWN -> unavailable("is down");
            case FAILED -> unavailable("failed");
            case STOPPING, STOPPED -> stopped();
        };
    }

    private NoProducersAvailableException unavailable(String how) {
        String name = settings.name();
        String topic = settings.topic();
        return new NoProducersAvailableException(
                (name.equals(topic) ? topic : name + " on " + topic) + " " + how, causes());
    }

    private List<Throwable> causes() {
        return cause == null ? List.of() : List.of(cause);
    }

    NoProducersAvailableException stopped() {
        return new NoProducersAvailableException(
                settings.name() + " takes no messages",
                List.of(new PulsarClientException.AlreadyClosedException(settings.name() + " was stopped")));
    }

    /** Why it is pointless to wait for another state; null if it is not. */
    @Nullable
    NoProducersAvailableException hopeless() {
        return switch (state) {
            case DOWN, FAILED -> unavailable("is " + state);
            case STOPPING, STOPPED -> stopped();
            case STARTING, READY, DEGRADED, RESTARTING -> null;
        };
    }

    /** The failure of a wait for another state. */
    NoProducersAvailableException notReached(Duration timeout) {
        return new NoProducersAvailableException(
                settings.name() + " is " + state + " after " + Checks.text(timeout), causes());
    }

    // ---- answering

    /** Gives all answers that can be given now. */
    void settle() {
        while (!pending.isEmpty()) {
            MockSend oldest = pending.getFirst();
            MockAnswer answer = script.isEmpty() && automatic ? MockAnswer.STORED : script.peek();
            if (answer == null || (!oldest.isHanded && !answer.fitsWaiting())) {
                return;
            }
            script.poll();
            pending.removeFirst();
            answer(oldest, answer);
        }
        if (state == HandleState.STOPPING) {
            moveTo(HandleState.STOPPED);
            deliveries.add(whenStopped);
        }
    }

    private void answer(MockSend send, MockAnswer answer) {
        Throwable failure = answer.outcome() == null
                ? answer.failure()
                : answer.outcome() == Outcome.NOT_SENT ? hadNoProducer() : gotNoReceipt();
        if (failure != null) {
            fail(send, failure);
            return;
        }
        MessageId receipt = answer.isDuplicate()
                ? new MessageIdImpl(-1, -1, send.partition)
                : new MessageIdImpl(LEDGER, stored, send.partition);
        stored++;
        storedBytes += send.bytes;
        lastSequenceId = Math.max(lastSequenceId, send.sequenceId);
        deliveries.add(() -> send.answer(receipt, null));
    }

    /** Fails a message whose timeout has passed, unless it has an answer. */
    void expire(MockSend send) {
        if (pending.remove(send)) {
            fail(send, send.isHanded ? gotNoReceipt() : hadNoProducer());
        }
    }

    private PulsarClientException hadNoProducer() {
        return unavailable("had no producer within the message's timeout");
    }

    private PulsarClientException gotNoReceipt() {
        return new SendTimeoutException(producerName(0) + " got no receipt within the message's timeout");
    }

    private void fail(MockSend send, Throwable failure) {
        failed++;
        deliveries.add(() -> send.answer(null, failure));
    }

    private void failWhere(Predicate<MockSend> which, Throwable failure) {
        pending.stream().filter(which).forEach(send -> fail(send, failure));
        pending.removeIf(which);
    }

    // ---- snapshot

    private String producerName(int index) {
        return settings.name() + "-" + index;
    }

    Snapshot.Topic snapshot() {
        return new Snapshot.Topic(
                settings.name(),
                settings.topic(),
                state,
                since,
                Optional.ofNullable(cause),
                restarts,
                settings.partitions(),
                waiting(),
                pending.size(),
                failed,
                List.of(group()));
    }

    private int waiting() {
        return (int) pending.stream().filter(send -> !send.isHanded).count();
    }

    private Snapshot.Group group() {
        List<Snapshot.Producer> producers = new ArrayList<>();
        for (int i = 0; i < settings.producers(); i++) {
            producers.add(new Snapshot.Producer(
                    producerName(i),
                    settings.topic(),
                    i,
                    producerState(i),
                    since,
                    Optional.ofNullable(cause),
                    restarts,
                    i == 0 ? pending.size() - waiting() : 0,
                    Duration.ZERO,
                    Optional.empty()));
        }
        return new Snapshot.Group(
                settings.topic(),
                state,
                Optional.ofNullable(cause),
                restarts,
                waiting(),
                pending.size(),
                pending.stream().mapToLong(send -> send.bytes).sum(),
                stored,
                storedBytes,
                failed,
                producers);
    }

    private ProducerState producerState(int index) {
        if (waitsForAccess) {
            return ProducerState.WAITING;
        }
        return switch (state) {
            case READY, STOPPING -> ProducerState.READY;
            case DEGRADED -> index == 0 ? ProducerState.READY : ProducerState.RESTARTING;
            case STARTING -> ProducerState.STARTING;
            case RESTARTING -> ProducerState.RESTARTING;
            case DOWN -> whyDown();
            case FAILED -> ProducerState.FAILED;
            case STOPPED -> ProducerState.STOPPED;
        };
    }

    private ProducerState whyDown() {
        if (cause instanceof PulsarClientException.ProducerFencedException) {
            return ProducerState.FENCED;
        }
        return cause instanceof PulsarClientException.TopicTerminatedException
                ? ProducerState.TERMINATED
                : ProducerState.REFUSED;
    }
}
