package dev.vela.internal.lane;

import dev.vela.internal.pulsar.OutgoingMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * One message from its acceptance to its one answer.
 *
 * <p>Two things happen to it exactly once each, in any order and on any thread: it is <em>answered</em> (the user's
 * future), and it is <em>released</em> (budgets and affinity). They differ when it times out on the wire: the answer is
 * due, yet the client still holds its bytes.
 */
public final class Send extends Completions.Delivery {
    private static final AtomicIntegerFieldUpdater<Send> FLAGS =
            AtomicIntegerFieldUpdater.newUpdater(Send.class, "flags");
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
    private @Nullable Releasable slot; // written by the one thread that hands it to a lane
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

    public int affinity() {
        return affinity;
    }

    public long deadline() {
        return deadline;
    }

    long acceptedAt() {
        return acceptedAt;
    }

    boolean isWaitedFor() {
        return waitedFor;
    }

    boolean isAnswered() {
        return (flags & ANSWERED) != 0;
    }

    boolean isReleased() {
        return (flags & RELEASED) != 0;
    }

    /** Its answer has been delivered, or is in the queue to be. */
    void handedOver() {
        handedOver = true;
    }

    /** Whether nothing is left to do for it: it was released, and a flush that comes now finds its answer in the queue. */
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

    /** Gives back what was acquired for it. Returns whether this call did it. */
    boolean release() {
        if (!set(RELEASED)) {
            return false;
        }
        if (slot != null) {
            slot.release(this);
        }
        if (admission != null) {
            admission.release(this);
        }
        return true;
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

    /** Completes the user's future with the settled answer. Runs the user's callbacks. */
    @Override
    void deliver() {
        try {
            if (failure != null) {
                future.completeExceptionally(failure);
            } else {
                future.complete(receipt);
            }
        } finally {
            ledger.answered();
        }
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
