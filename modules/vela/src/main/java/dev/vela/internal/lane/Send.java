package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EncodedMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
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
public class Send extends CompletableFuture<MessageId> implements Deadlines.Timed {
    /*
     * The application holds this future, and may complete or cancel it itself. So whether it has been answered is a flag
     * of ours, and not what the future says.
     *
     * There are as many of these as messages on their way, and what is done with each is paid for that often. Hence a
     * future that is the message; and hence an answer that is settled without a compare-and-set: only the one worker of a
     * completion queue gives it. Only where a thread waits for the answer alone may any thread give it, and settles it by one.
     *
     * Hence, too, that one is 64 bytes long, no more, with a callback as well: a line of the caches.
     *
     * An application may keep these for long, by the million. So what only the way of the message needs is forgotten when
     * that is over: it has been answered, and nothing is left to release. Its entry knows, as it is delivered: an entry is
     * answered after it was released, and one that was answered before, by its timeout, is delivered once more then.
     */
    private static final VarHandle SETTLED;
    private static final VarHandle RELEASED;

    static {
        try {
            SETTLED = MethodHandles.lookup().findVarHandle(Send.class, "settled", boolean.class);
            RELEASED = MethodHandles.lookup().findVarHandle(Send.class, "released", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final long NOT_YET = Long.MIN_VALUE;
    private static final long NANOS_PER_MICROSECOND = 1000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private @Nullable EncodedMessage message; // until all is over
    private @Nullable Object
            counter; // the OpenSends of its handle until it is counted, then its Generation, until all is over
    private final int affinity;
    private final int timeout; // microseconds, or negative seconds: half as long as a long
    private final boolean waitedFor;

    private boolean settled; // by its queue's worker alone, or by compare-and-set
    private volatile boolean released;
    private volatile boolean answered;
    private long acceptedAt = NOT_YET; // written before the send is shared
    private @Nullable Admission admission; // written before the send is shared, or by the control thread while it waits
    private @Nullable WaitingQueue queue; // the same
    private @Nullable Releasable stripe; // written by the one thread that hands it to a lane, or takes it back

    /** Something to give back when a send is released. */
    @FunctionalInterface
    public interface Releasable {
        /** Gives it back. Must not block. */
        void release(Send send);
    }

    /**
     * Creates a message that an application wants to send.
     *
     * @param affinity what its order inside a group depends on: a hash of its key, or of the sending thread
     * @param timeout the time from its acceptance until it must be answered
     * @param waitedFor whether only the sending thread waits for it, so that its future may be completed on any thread
     * @param openSends the messages of its handle
     */
    public Send(EncodedMessage message, int affinity, Duration timeout, boolean waitedFor, OpenSends openSends) {
        this.message = message;
        this.affinity = affinity;
        this.timeout = compact(timeout);
        this.counter = openSends;
        this.waitedFor = waitedFor;
    }

    /** Only until all is over. */
    public EncodedMessage message() {
        return Objects.requireNonNull(message, "message");
    }

    /** Payload and metadata of the message in bytes, before compression; 0 once all is over. */
    public int size() {
        EncodedMessage its = message;
        return its == null ? 0 : its.sizeInBytes();
    }

    public int affinity() {
        return affinity;
    }

    // ---- its time

    /** Rounds up: to microseconds up to 35 minutes, to seconds above that; 68 years at most. */
    private static int compact(Duration timeout) {
        long micros = (timeout.toNanos() + NANOS_PER_MICROSECOND - 1) / NANOS_PER_MICROSECOND;
        if (micros <= Integer.MAX_VALUE) {
            return (int) micros;
        }
        long seconds = (timeout.toNanos() + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
        return (int) -Math.min(Integer.MAX_VALUE, seconds);
    }

    /** It is accepted now, unless it was before. */
    public void acceptAt(long now) {
        if (acceptedAt == NOT_YET) {
            acceptedAt = now;
        }
    }

    long acceptedAt() {
        return acceptedAt;
    }

    /** The time from its acceptance until it must be answered, in nanoseconds. */
    public long timeout() {
        return timeout >= 0 ? timeout * NANOS_PER_MICROSECOND : -timeout * NANOS_PER_SECOND;
    }

    /** When it must be answered. */
    @Override
    public long deadline() {
        return acceptedAt + timeout();
    }

    @Override
    public void expire(long now, List<Send> into) {
        if (!answered && deadline() - now <= 0) {
            into.add(this);
        }
    }

    // ---- what it is counted in

    /**
     * Counts it as accepted by its handle, unless it is counted already. Returns whether it is: otherwise the handle accepts no
     * messages any more.
     */
    public boolean count() {
        if (counter instanceof OpenSends open) {
            Generation accepting = open.accept(1);
            if (accepting == null) {
                return false;
            }
            counter = accepting;
        }
        return true;
    }

    /** It is one of those that were counted in advance. */
    void countedIn(Generation its) {
        counter = its;
    }

    /** Where it is counted; null if it is not, or all is over. */
    @Nullable
    Generation generation() {
        return counter instanceof Generation counted ? counted : null;
    }

    /** The messages of its handle, as long as it is not counted among them; null after that. */
    @Nullable
    OpenSends uncounted() {
        return counter instanceof OpenSends open ? open : null;
    }

    // ---- what it holds

    /** Whether it holds room in budgets. */
    public boolean isAdmitted() {
        return admission != null;
    }

    /** Whether it holds room there. */
    public boolean isAdmittedBy(Admission by) {
        return admission == by;
    }

    /**
     * Takes room for it and counts it as accepted, or does neither. Room that it holds elsewhere it gives back in exchange.
     *
     * @param isOneOfMany whether other partitions could take it, too
     */
    public boolean tryEnter(Admission by, boolean isOneOfMany) {
        Admission before = admission;
        if (before == by) {
            return true;
        }
        if (before != null) {
            if (!by.tryTakeOver(size(), before)) {
                return false;
            }
        } else if (!by.tryAcquire(size(), isOneOfMany)) {
            return false;
        } else if (!count()) {
            by.takeBack(1, size());
            return false;
        }
        admission = by;
        return true;
    }

    /** Room was taken for it in advance. */
    void admitted(Admission by) {
        admission = by;
    }

    /** What the lane that takes it must give back with it; null withdraws it. */
    public void holding(@Nullable Releasable held) {
        stripe = held;
    }

    boolean holdsStripe() {
        return stripe != null;
    }

    /** Whether there is nothing to give back, or it has been given back. */
    boolean holdsNothing() {
        return released || (admission == null && stripe == null);
    }

    boolean isReleased() {
        return released;
    }

    /** Gives back what was acquired for it. Returns whether this call did it. */
    boolean release() {
        if (!RELEASED.compareAndSet(this, false, true)) {
            return false;
        }
        releaseStripe();
        if (admission != null) {
            admission.release(1, size());
        }
        return true;
    }

    /** Gives back its affinity. */
    void releaseStripe() {
        Releasable held = stripe;
        if (held != null) {
            stripe = null;
            held.release(this);
        }
    }

    // ---- where it waits

    /** The queue that it waits in when no lane takes it; null for that of its lane. */
    public @Nullable WaitingQueue queue() {
        return queue;
    }

    /** Says where it waits when no lane takes it; null for the queue of its lane. */
    public void waitIn(@Nullable WaitingQueue where) {
        queue = where;
    }

    // ---- its answer

    boolean isWaitedFor() {
        return waitedFor;
    }

    /**
     * Leaves it to the caller to answer it. Returns whether no other had settled it. Only on the worker of its completion
     * queue, or anywhere if it {@linkplain #isWaitedFor() is waited for}.
     */
    boolean settle() {
        if (waitedFor) {
            return SETTLED.compareAndSet(this, false, true);
        }
        if (settled) {
            return false;
        }
        settled = true;
        return true;
    }

    /** Whether its own answer is queued, or was given. One that shares an entry is answered with that, and this says no. */
    @Override
    public boolean isAnswered() {
        return answered;
    }

    void answerQueued() {
        answered = true;
    }

    /**
     * Completes the future, which runs the application's callbacks. Only by the thread that has settled it.
     *
     * @param counted where it is counted until this has returned; null if it never was
     */
    void answer(@Nullable MessageId receipt, @Nullable Throwable failure, @Nullable Generation counted) {
        if (failure != null) {
            completeExceptionally(failure);
        } else {
            complete(receipt);
        }
    }

    /** Fails it on this thread. Only before another thread has seen it, and in place of all else. */
    public void refuse(Throwable cause, LaneCounters counters) {
        counters.answered(1, size(), false);
        answer(null, cause, null);
        forget();
    }

    /** All is over: it keeps its answer only. By the thread that answers it, after it was released. */
    void forget() {
        message = null;
        counter = null;
        admission = null;
        queue = null;
    }
}
