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
 * One message, from its acceptance to its only answer, and the future that the application waits for.
 *
 * <p>A message is <em>answered</em> (the future) exactly once and <em>released</em> (budgets and affinity) exactly
 * once, in any order and on any thread. The two differ when a message times out in flight: the answer is due, but the
 * client still holds the bytes.
 */
public class Send extends CompletableFuture<MessageId> implements Deadlines.Timed {
    /*
     * The application holds this future, and may complete or cancel it. So a separate flag, not the future's state,
     * tells whether the message has been answered.
     *
     * Every message on its way is such an object, so every operation costs once per message. That is why the future is
     * the message. It is also why an answer is settled without a compare-and-set: only the worker of a completion queue
     * gives answers. If a thread waits for the answer alone, any thread may give the answer, and settles it by a
     * compare-and-set.
     *
     * For the same reason an object takes at most 64 bytes, even with a callback: one cache line.
     *
     * An application may keep millions of these objects for a long time. So each drops the references that only sending
     * needs, once the message has been answered and nothing is left to release. The entry's delivery can tell: an entry
     * is answered after its release, and a message that timed out earlier is delivered once more then.
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
    private final int timeout; // microseconds, or negative seconds: half the size of a long
    private final boolean waitedFor;

    private boolean settled; // by its queue's worker alone, or by compare-and-set
    private volatile boolean released;
    private volatile boolean answerQueued;
    private long acceptedAt = NOT_YET; // written before the send is shared
    private @Nullable Admission admission; // written before the send is shared, or by the control thread while it waits
    private @Nullable Queue queue; // the same
    private @Nullable Releasable stripe; // written by the one thread that gives it to a lane, or takes it back

    /** Something to give back when a send is released. */
    @FunctionalInterface
    public interface Releasable {
        /** Gives it back. Must not block. */
        void release(Send send);
    }

    /** A queue in which a send waits when no lane takes it. */
    public interface Queue {
        /**
         * Adds an admitted message that no lane took, or fails the message if waiting is pointless.
         *
         * @param result why no lane took it
         */
        void add(Send send, OfferResult result);

        /** Puts messages that a lane took but could not hand over before all others. On the control thread. */
        void addFirst(List<Send> sends, OfferResult result);
    }

    /**
     * Creates a message that an application wants to send.
     *
     * @param affinity the value that determines its order inside a group: a hash of its key, or of the sending thread
     * @param timeout the time from its acceptance until it must be answered
     * @param waitedFor whether only the sending thread waits for the answer, so that any thread may complete the future
     * @param openSends the messages of its handle
     */
    public Send(EncodedMessage message, int affinity, Duration timeout, boolean waitedFor, OpenSends openSends) {
        this.message = message;
        this.affinity = affinity;
        this.timeout = compact(timeout);
        this.counter = openSends;
        this.waitedFor = waitedFor;
    }

    /** The message. Only until the send is over. */
    public EncodedMessage message() {
        return Objects.requireNonNull(message, "message");
    }

    /** Payload and metadata of the message in bytes, before compression; 0 once the send is over. */
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

    /** Sets the time of acceptance, unless it is set already. */
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

    /** The time at which it must be answered. */
    @Override
    public long deadline() {
        return acceptedAt + timeout();
    }

    @Override
    public void expire(long now, List<Send> into) {
        if (!answerQueued && deadline() - now <= 0) {
            into.add(this);
        }
    }

    // ---- what it is counted in

    /**
     * Counts it as accepted by its handle, unless it is counted already. Returns false if the handle accepts no more
     * messages.
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

    /** Assigns it to a generation in which it was counted in advance. */
    void countedIn(Generation its) {
        counter = its;
    }

    /** The generation that counts it; null if it is not counted, or the send is over. */
    @Nullable
    Generation generation() {
        return counter instanceof Generation counted ? counted : null;
    }

    /** The open sends of its handle, until it is counted among them; null after that. */
    @Nullable
    OpenSends uncounted() {
        return counter instanceof OpenSends open ? open : null;
    }

    // ---- what it holds

    /** Whether it holds room in budgets. */
    public boolean isAdmitted() {
        return admission != null;
    }

    /** Whether it holds room in the budgets of the given admission. */
    public boolean isAdmittedBy(Admission by) {
        return admission == by;
    }

    /**
     * Takes room for it and counts it as accepted, or does neither. In exchange it gives back any room that it holds
     * elsewhere.
     *
     * @param isOneOfMany whether other partitions could take it, too
     */
    public boolean tryAdmit(Admission by, boolean isOneOfMany) {
        Admission before = admission;
        if (before == by) {
            return true;
        }
        if (before != null) {
            if (!by.tryMove(size(), before)) {
                return false;
            }
        } else if (!by.tryAcquire(size(), isOneOfMany)) {
            return false;
        } else if (!count()) {
            by.undo(1, size());
            return false;
        }
        admission = by;
        return true;
    }

    /** Moves its room there, whether or not there is any. */
    public void move(Admission to) {
        Admission before = Objects.requireNonNull(admission);
        if (before != to) {
            to.move(size(), before);
            admission = to;
        }
    }

    /** Assigns room to it that was taken in advance. */
    void admitted(Admission by) {
        admission = by;
    }

    /** Sets the stripe that is given back when this is released; null withdraws the stripe. */
    public void holding(@Nullable Releasable held) {
        stripe = held;
    }

    boolean holdsStripe() {
        return stripe != null;
    }

    /** Whether it has nothing to give back, or has given everything back. */
    boolean holdsNothing() {
        return released || (admission == null && stripe == null);
    }

    boolean isReleased() {
        return released;
    }

    /** Gives back its room and its stripe. Returns whether this call did so. */
    boolean release() {
        Admission by = admission; // read with the size before releasing: after that
        int bytes = size(); // another thread may make this forget both
        if (!RELEASED.compareAndSet(this, false, true)) {
            return false;
        }
        releaseStripe();
        if (by != null) {
            by.release(1, bytes);
        }
        return true;
    }

    /** Gives back its stripe. */
    void releaseStripe() {
        Releasable held = stripe;
        if (held != null) {
            stripe = null;
            held.release(this);
        }
    }

    // ---- where it waits

    /** The queue in which it waits when no lane takes it; null for the queue of its lane. */
    public @Nullable Queue queue() {
        return queue;
    }

    /** Sets the queue in which it waits when no lane takes it; null for the queue of its lane. */
    public void waitIn(@Nullable Queue where) {
        queue = where;
    }

    /** What observers are told of it; null if none follows it. */
    @Nullable
    Observation observation() {
        return null;
    }

    // ---- its answer

    /** Whether it is answered as soon as its fate is known, on any thread, since a thread waits for its answer alone. */
    boolean isWaitedFor() {
        return waitedFor;
    }

    /** Whether its sender sends nothing else before it is answered. */
    boolean isUrgent() {
        return waitedFor;
    }

    /**
     * Makes the caller the one thread that answers it. Returns false if it was settled before. Only on the worker of
     * its completion queue, or on any thread if it {@linkplain #isWaitedFor() is waited for}.
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

    /**
     * Whether its own answer is queued, or was given. False for a message that shares an entry and is answered with the
     * entry.
     */
    @Override
    public boolean isAnswered() {
        return answerQueued;
    }

    void answerQueued() {
        answerQueued = true;
    }

    /**
     * Completes the future, which runs the application's callbacks. Only on the thread that has settled it.
     *
     * @param counted the generation that counts it until this call returns; null if it was never counted
     */
    void answer(@Nullable MessageId receipt, @Nullable Throwable failure, @Nullable Generation counted) {
        if (failure != null) {
            completeExceptionally(failure);
        } else {
            complete(receipt);
        }
    }

    /** Fails it on this thread. Only before another thread has seen it, and instead of any other processing. */
    public void refuse(Throwable cause, LaneCounters counters) {
        counters.refused(cause);
        answer(null, cause, null);
        forget();
    }

    /** Drops everything but the answer: the send is over. Called by the thread that answers it, after its release. */
    void forget() {
        message = null;
        counter = null;
        admission = null;
        queue = null;
    }
}
