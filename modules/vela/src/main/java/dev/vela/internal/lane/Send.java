package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EncodedMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * One message from its acceptance to its one answer, and the future that the application waits on.
 *
 * <p>Two things happen to it exactly once each, in any order and on any thread: it is <em>answered</em> (the future), and
 * it is <em>released</em> (budgets and affinity). They differ when it times out on the wire: the answer is due, yet the
 * client still holds its bytes.
 */
public class Send extends CompletableFuture<MessageId> {
    /*
     * The application holds this future, and may complete or cancel it itself. So whether it has been answered is a flag
     * of ours, and not what the future says.
     *
     * There are as many of these as messages on their way, and what is done with each is paid for that often. Hence a
     * future that is the message; and hence an answer that is settled without a compare-and-set: it is given by the one
     * worker of a completion queue, and by nobody else. Only where a thread waits for the answer alone may any thread
     * give it, and settles it by one.
     *
     * An application may keep these for long, by the million. So what only the way of the message needs is forgotten when
     * that is over: it has been answered, and nothing is left to release. Its entry knows, as it is delivered: an entry is
     * answered after it was released, and one that was answered before, by its timeout, is delivered once more then.
     *
     * A flush waits for answers, and not for futures, which belong to the application. It asks for a signal of its own, and
     * sets a mark in each completion queue afterwards. What is answered after the mark finds the signal; what was answered
     * before it was told by then (told is written by the worker that comes to the mark, and read when all marks have been
     * reached). Example: the worker looks for a signal, and finds none; the flush asks for one; the worker writes told and
     * comes to the mark; the flush finds it told, and waits no more for it.
     */
    private static final VarHandle ANSWERED;
    private static final VarHandle RELEASED;
    private static final VarHandle TOLD;
    private static final VarHandle SIGNAL;

    static {
        try {
            ANSWERED = MethodHandles.lookup().findVarHandle(Send.class, "answered", boolean.class);
            RELEASED = MethodHandles.lookup().findVarHandle(Send.class, "released", boolean.class);
            TOLD = MethodHandles.lookup().findVarHandle(Send.class, "told", boolean.class);
            SIGNAL = MethodHandles.lookup().findVarHandle(Send.class, "signal", CompletableFuture.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final long NOT_YET = Long.MIN_VALUE;

    private @Nullable EncodedMessage message; // until all is over
    private @Nullable OpenSends ledger; // until all is over
    private final int size;
    private final int affinity;
    private final long timeout;
    private final boolean waitedFor;

    private boolean answered; // by its queue's worker alone, or by compare-and-set
    private volatile boolean released;
    private volatile boolean answerQueued;

    // By TOLD: written with release by the thread that has answered it, read with acquire.
    @SuppressWarnings("UnusedVariable")
    private boolean told;

    private volatile @Nullable CompletableFuture<@Nullable Void> signal; // made by a flush
    private long acceptedAt = NOT_YET; // written before the send is shared
    private @Nullable Admission admission; // written before the send is shared, or under the lobby's lock
    private @Nullable Releasable slot; // written by the one thread that hands it to a lane, or takes it back

    /** Something to give back when a send is released. */
    @FunctionalInterface
    public interface Releasable {
        /** Gives it back. Must not block. */
        void release(Send send);
    }

    /**
     * A message that somebody wants to send.
     *
     * @param affinity what its order inside a group hangs on: a hash of its key, or of the sending thread
     * @param timeout how long from its acceptance until it must be answered
     * @param waitedFor whether only the sending thread waits for it, so that its future may be completed anywhere
     * @param ledger where it is open from its acceptance until it is answered
     */
    public Send(EncodedMessage message, int affinity, Duration timeout, boolean waitedFor, OpenSends ledger) {
        this.message = message;
        this.size = message.sizeInBytes();
        this.affinity = affinity;
        this.timeout = timeout.toNanos();
        this.ledger = ledger;
        this.waitedFor = waitedFor;
    }

    /** Only until all is over. */
    public EncodedMessage message() {
        return Objects.requireNonNull(message, "message");
    }

    /** The message, or null if all is over. */
    @Nullable
    EncodedMessage messageIfKept() {
        return message;
    }

    /** Payload and metadata of the message, before compression. */
    int size() {
        return size;
    }

    /** Whether it is counted by the given ledger: that of the handle that it was given to. */
    public boolean isOf(OpenSends other) {
        return ledger == other;
    }

    /** Where it is open; null if all is over. */
    @Nullable
    OpenSends ledger() {
        return ledger;
    }

    public int affinity() {
        return affinity;
    }

    // ---- its time

    /** It is accepted now, unless it was before. */
    public void acceptAt(long now) {
        if (acceptedAt == NOT_YET) {
            acceptedAt = now;
        }
    }

    long acceptedAt() {
        return acceptedAt;
    }

    /** How long from its acceptance until it must be answered, in nanoseconds. */
    public long timeout() {
        return timeout;
    }

    /** When it must be answered. */
    long deadline() {
        return acceptedAt + timeout;
    }

    // ---- what it holds

    /** What was acquired for it. */
    void admitted(@Nullable Admission by) {
        admission = by;
    }

    @Nullable
    Admission admission() {
        return admission;
    }

    /** What the lane that takes it must give back with it; null withdraws it. */
    public void holding(@Nullable Releasable held) {
        slot = held;
    }

    boolean holdsSlot() {
        return slot != null;
    }

    /** Whether there is nothing to give back, or it has been given back. */
    boolean holdsNothing() {
        return released || (admission == null && slot == null);
    }

    boolean isReleased() {
        return released;
    }

    /** Gives back what was acquired for it. Returns whether this call did it. */
    boolean release() {
        if (!RELEASED.compareAndSet(this, false, true)) {
            return false;
        }
        releaseSlot();
        if (admission != null) {
            admission.release(1, size);
        }
        return true;
    }

    /** Gives back what its lane holds for it. */
    void releaseSlot() {
        Releasable held = slot;
        if (held != null) {
            slot = null;
            held.release(this);
        }
    }

    // ---- its answer

    boolean isWaitedFor() {
        return waitedFor;
    }

    /**
     * Takes it upon the caller to answer it. Returns whether nobody had. Only on the worker of its completion queue, or
     * anywhere if it {@linkplain #isWaitedFor() is waited for}.
     */
    boolean settle() {
        if (waitedFor) {
            return ANSWERED.compareAndSet(this, false, true);
        }
        if (answered) {
            return false;
        }
        answered = true;
        return true;
    }

    /** Whether its own answer is in the queue, or was given. One that shares an entry is answered with that, and this says no. */
    boolean isAnswerQueued() {
        return answerQueued;
    }

    void answerQueued() {
        answerQueued = true;
    }

    /** Completes the future, which runs the application's callbacks. Only by who has settled it. */
    void answer(@Nullable MessageId receipt, @Nullable Throwable failure) {
        if (failure != null) {
            completeExceptionally(failure);
        } else {
            complete(receipt);
        }
        CompletableFuture<@Nullable Void> awaited = signal;
        if (awaited != null) {
            if (failure != null) {
                awaited.completeExceptionally(failure);
            } else {
                awaited.complete(null);
            }
        }
        TOLD.setRelease(this, true);
    }

    /** Answers it with a failure, on this thread. Only before anybody else has seen it, and in place of all else. */
    public void refuse(Throwable cause, LaneCounters counters) {
        counters.answered(1, size, false);
        answer(null, cause);
        forget();
    }

    /** All is over: it keeps its answer only. By who answers it, after it was released. */
    void forget() {
        message = null;
        ledger = null;
        admission = null;
    }

    // ---- who waits for its answer

    /** Whether its answer has been given, and the application's callbacks have returned. */
    boolean isTold() {
        return waitedFor ? isDone() : (boolean) TOLD.getAcquire(this);
    }

    /**
     * Completes with its answer, whatever the application does to the future. Where the answer is given while this is
     * called, it may not: {@link #endOfWait} tells.
     */
    public CompletableFuture<?> whenTold() {
        if (waitedFor) {
            return this; // the application does not have it
        }
        SIGNAL.compareAndSet(this, null, new CompletableFuture<@Nullable Void>());
        return Objects.requireNonNull(signal);
    }

    /** All answers that were given when {@link #whenTold} was called have been told by now: nobody need wait for those. */
    public void endOfWait() {
        CompletableFuture<@Nullable Void> awaited = signal;
        if (awaited != null && isTold()) {
            awaited.complete(null);
        }
    }
}
