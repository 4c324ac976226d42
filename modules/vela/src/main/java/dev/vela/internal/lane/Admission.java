package dev.vela.internal.lane;

import dev.vela.BudgetExceededException;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets messages in: first against the runtime's budget, then against that of a group, or of those that wait for a
 * partition.
 *
 * <p>Thread-safe.
 */
public final class Admission {
    /*
     * Budgets announce room only below their mark, and not that a partition has come up, so those who wait also look by
     * themselves: otherwise messages that stay pending above the mark would keep out what there is room for.
     */
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(20).toNanos();

    private final Budget runtime;
    private final Budget own;
    private final boolean isOneOfMany;
    private final boolean isShared;

    /** What lets messages in to a group that is the only one for them, or to where they wait. */
    public Admission(Budget runtime, Budget own) {
        this(runtime, own, false);
    }

    /** The same for a partition: what has no key may go to others, too. */
    public static Admission ofPartition(Budget runtime, Budget own) {
        return new Admission(runtime, own, true);
    }

    private Admission(Budget runtime, Budget own, boolean isOneOfMany) {
        this.runtime = runtime;
        this.own = own;
        this.isOneOfMany = isOneOfMany;
        this.isShared = runtime.isShared();
    }

    public Budget own() {
        return own;
    }

    /** Lets a message in if there is room for it now, in both budgets. Otherwise nothing is held. */
    public boolean tryEnter(Send send) {
        int size = send.size();
        if (!runtime.tryAcquire(1, size)) {
            return false;
        }
        if (tryAdmit(send)) {
            return true;
        }
        runtime.release(1, size);
        return false;
    }

    /** Takes room for a message whose runtime share is held already. */
    public boolean tryAdmit(Send send) {
        if ((isShared && !leavesRoom()) || !own.tryAcquire(1, send.size())) {
            return false;
        }
        send.admitted(this);
        return true;
    }

    /**
     * The same for a message that other groups could take, too: there must also be as much free in the runtime's budget as
     * is pending here. So what groups hold that nothing leaves any more is never all the room, however many they are.
     */
    public boolean tryAdmitOneOfMany(Send send) {
        return (isShared || leavesRoom()) && tryAdmit(send);
    }

    /** Whether a message of this size would find room here now, if the runtime has some. */
    public boolean hasRoom(int size) {
        return (!isShared || leavesRoom()) && (own.messages() == 0 || own.hasFree(1, size));
    }

    private boolean leavesRoom() {
        long messages = own.messages();
        return messages == 0 || runtime.hasFree(messages, own.bytes());
    }

    /** Takes over a message that another admission let in, if there is room here. */
    public boolean tryTakeOver(Send send) {
        Admission before = send.admission();
        if (before == this) {
            return true;
        }
        if (!tryAdmit(send)) {
            return false;
        }
        if (before != null) {
            before.own.release(1, send.size());
        }
        return true;
    }

    /**
     * Takes room in both budgets for messages that are yet to come, or returns false and takes nothing. In a partition as
     * for one of many, since these may be such.
     */
    boolean tryReserve(int messages, long bytes) {
        if (((isOneOfMany || isShared) && !leavesRoom()) || !runtime.tryAcquire(messages, bytes)) {
            return false;
        }
        if (own.tryAcquire(messages, bytes)) {
            return true;
        }
        runtime.release(messages, bytes);
        return false;
    }

    /** The least that fits into both budgets. */
    long maxMessages() {
        return Math.min(runtime.maxMessages(), own.maxMessages());
    }

    /** The least that fits into both budgets. */
    long maxBytes() {
        return Math.min(runtime.maxBytes(), own.maxBytes());
    }

    /** Gives back the room of messages that were admitted here. */
    void release(int messages, long bytes) {
        own.release(messages, bytes);
        runtime.release(messages, bytes);
    }

    /**
     * Lets a message in, waiting for room up to its deadline if it may.
     *
     * @param whoseRoom where the budgets that {@code admit} tries announce room
     * @param admit tries to admit the message somewhere, see {@link #tryAdmit}
     * @param noWait why it must not wait, or not any longer, or null; asked again and again
     * @throws BudgetExceededException if there is no room, or none in time; nothing is held then
     * @throws InterruptedException if interrupted while waiting; nothing is held then
     */
    public static void admit(
            Send send,
            Budget runtime,
            RoomSignal whoseRoom,
            BooleanSupplier admit,
            Scheduler clock,
            Supplier<@Nullable String> noWait)
            throws BudgetExceededException, InterruptedException {
        int size = send.size();
        await(runtime.room(), () -> runtime.tryAcquire(1, size), send, clock, noWait, runtime);
        boolean admitted = false;
        try {
            await(
                    whoseRoom,
                    admit,
                    send,
                    clock,
                    noWait,
                    runtime.isShared() ? runtime.share() : "the producer's budget");
            admitted = true;
        } finally {
            if (!admitted) {
                runtime.release(1, size);
            }
        }
    }

    private static void await(
            RoomSignal room,
            BooleanSupplier attempt,
            Send send,
            Scheduler clock,
            Supplier<@Nullable String> noWait,
            Object what)
            throws BudgetExceededException, InterruptedException {
        if (attempt.getAsBoolean()) {
            return;
        }
        refuse(what, noWait.get());
        long ticket = room.enter();
        try {
            while (!attempt.getAsBoolean()) {
                refuse(what, noWait.get());
                long left = send.deadline() - clock.nanoTime();
                if (left <= 0) {
                    throw new BudgetExceededException(what + " stayed full for the message's whole timeout");
                }
                ticket = room.await(ticket, Math.min(left, LOOK_AGAIN_NANOS));
            }
        } finally {
            room.leave();
        }
    }

    private static void refuse(Object what, @Nullable String reason) throws BudgetExceededException {
        if (reason != null) {
            throw new BudgetExceededException(what + " is full, and " + reason);
        }
    }
}
