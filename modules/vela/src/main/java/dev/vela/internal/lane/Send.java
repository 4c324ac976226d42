package dev.vela.internal.lane;

import dev.vela.internal.pulsar.OutgoingMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * One message from its acceptance to its one answer.
 *
 * <p>Two things happen to it exactly once each, in any order and on any thread: it is <em>answered</em> (the user's
 * future), and it is <em>released</em> (budgets and affinity). They differ when it times out on the wire: the answer is
 * due, yet the client still holds its bytes.
 */
public final class Send extends Entry {
    private static final VarHandle FLAGS;

    static {
        try {
            FLAGS = MethodHandles.lookup().findVarHandle(Send.class, "flags", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int ANSWERED = 1;
    private static final int RELEASED = 2;

    private final OutgoingMessage message;
    private final CompletableFuture<MessageId> future = new CompletableFuture<>();
    private final int affinity;
    private final long acceptedAt;
    private final long deadline;
    private final boolean waitedFor;
    private final Ledger ledger;

    private volatile int flags;
    private volatile boolean handedOver;
    private @Nullable Admission admission; // written before the send is shared, or under the lobby's lock
    private @Nullable Releasable slot; // written by the one thread that hands it to a lane, or takes it back
    private @Nullable MessageId receipt; // published by the completion queue
    private @Nullable Throwable failure; // published by the completion queue

    /** Something to give back when a send is released. */
    @FunctionalInterface
    public interface Releasable {
        /** Gives it back. Must not block. */
        void release(Send send);
    }

    /**
     * A message that has just been accepted.
     *
     * @param affinity what its order inside a group hangs on: a hash of its key, or of the sending thread
     * @param acceptedAt when, in the scheduler's nanoseconds
     * @param deadline when it must be answered, in the scheduler's nanoseconds
     * @param waitedFor whether only the sending thread waits for it, so that its future may be completed anywhere
     * @param ledger where it is open until it is answered
     */
    public Send(
            OutgoingMessage message, int affinity, long acceptedAt, long deadline, boolean waitedFor, Ledger ledger) {
        ledger.opened();
        this.message = message;
        this.affinity = affinity;
        this.acceptedAt = acceptedAt;
        this.deadline = deadline;
        this.waitedFor = waitedFor;
        this.ledger = ledger;
    }

    public OutgoingMessage message() {
        return message;
    }

    public CompletableFuture<MessageId> future() {
        return future;
    }

    /** Whether it is counted by the given ledger: that of the handle that it was given to. */
    public boolean isOf(Ledger other) {
        return ledger == other;
    }

    public int affinity() {
        return affinity;
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    OutgoingMessage outgoing() {
        return message;
    }

    @Override
    int messages() {
        return 1;
    }

    @Override
    long acceptedAt() {
        return acceptedAt;
    }

    @Override
    void expire(long now, List<Send> into) {
        if (!isAnswered() && deadline - now <= 0) {
            into.add(this);
        }
    }

    @Override
    void unanswered(List<CompletableFuture<MessageId>> into) {
        if (!future.isDone()) {
            into.add(future);
        }
    }

    boolean isWaitedFor() {
        return waitedFor;
    }

    @Override
    boolean isAnswered() {
        return (flags & ANSWERED) != 0;
    }

    boolean isReleased() {
        return (flags & RELEASED) != 0;
    }

    @Override
    boolean isDone() {
        return handedOver && isReleased();
    }

    /** What was acquired for it. */
    void admitted(Admission by) {
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

    @Override
    boolean release() {
        if (!set(RELEASED)) {
            return false;
        }
        releaseSlot();
        if (admission != null) {
            admission.release(1, message.sizeInBytes());
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

    @Override
    void acknowledge(MessageId id, Completions completions, LaneCounters counters) {
        if (settle(id, null)) {
            counters.answered(1, message.sizeInBytes(), true);
            answer(completions);
        }
    }

    @Override
    void fail(Throwable cause, Completions completions, LaneCounters counters) {
        if (settle(null, cause)) {
            counters.answered(1, message.sizeInBytes(), false);
            answer(completions);
        }
    }

    /** Delivers the settled answer: at once where only the sender waits for it, else in its turn. */
    void answer(Completions completions) {
        if (waitedFor) {
            deliver();
        } else {
            completions.deliver(this);
        }
        handedOver = true;
    }

    /** Settles the answer, to be delivered by the caller. Returns whether this call settled it. */
    boolean settle(@Nullable MessageId result, @Nullable Throwable cause) {
        if (!set(ANSWERED)) {
            return false;
        }
        receipt = result;
        failure = cause;
        return true;
    }

    @Override
    void deliver() {
        try {
            complete();
        } finally {
            ledger.answered(1);
        }
    }

    /** Completes the user's future with the settled answer. Runs the user's callbacks. */
    void complete() {
        if (failure != null) {
            future.completeExceptionally(failure);
        } else {
            future.complete(receipt);
        }
    }

    Ledger ledger() {
        return ledger;
    }

    private boolean set(int flag) {
        int before;
        do {
            before = flags;
            if ((before & flag) != 0) {
                return false;
            }
        } while (!FLAGS.compareAndSet(this, before, before | flag));
        return true;
    }
}
