package dev.vela.internal.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.Batching;
import dev.vela.Outcome;
import dev.vela.SendFailedException;
import dev.vela.internal.scheduling.Scheduler;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Groups the messages of a lane into entries and hands the entries over, one at a time, in order.
 *
 * <p>Thread-safe.
 */
final class Batcher {
    /*
     * A thread that finds the lock taken is parked, although the critical sections are short. Spinning threads would
     * take turns, and each turn would move the cache lines of the guarded data to another core, which takes longer than
     * the section. While the other threads are parked, the owner runs at full speed and takes the lock many times
     * before one of them runs.
     *
     * Adding and handing over are separate steps. A thread that adds a message holds the lock while it copies the
     * message, and puts an entry that is due to be sent into the queue "closed". The DrainLoop hands entries over: one
     * thread at a time, without the lock, since a hand-over calls the official client. So entries are sent in order,
     * and no thread waits for another thread's call into the client. If a hand-over fails, the next thread that runs
     * the loop answers the entry that was in hand.
     *
     * An entry that is not full is sent when the lane is idle (LeavePolicy) and it is the lane's turn (Pace). A thread
     * checks for an open entry after each event that can make the lane idle: a receipt (in progressed()), the timer,
     * and each hand-over of an entry. Checks and additions are made under the lock, so the last of these threads sees
     * the changes of the others.
     *
     * Room in the budgets is taken in advance ("credit"). Unspent credit is given back when no entry is open any more,
     * or on a flush, after the lock has been released.
     *
     * No message is taken while others are being returned to the waiting queue (Unsent), since it would overtake them.
     * Once they are queued, a sender sees that other messages wait. A sender must check both conditions under the lock:
     * if it checked before taking the lock, its message could slip in between the two states.
     */
    private final LaneContext context;
    private final Handover handover;
    private final DrainLoop loop;
    private final Scheduler scheduler;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Credit credit;

    @GuardedBy("lock")
    private final Unsent unsent;

    @GuardedBy("lock")
    private final LeavePolicy policy;

    private final AtomicLong timesClosed = new AtomicLong();

    Batcher(String name, Batching batching, LaneContext context, Handover handover) {
        this.context = context;
        this.handover = handover;
        this.scheduler = context.scheduler();
        this.loop = new DrainLoop(name, scheduler, new ClosedEntries());
        this.credit = new Credit(context.admission());
        this.unsent = new Unsent(batching, context, handover, timesClosed);
        this.policy = new LeavePolicy(batching, context, unsent, handover, this::takeTurn, this::lookAgain);
    }

    /** Takes a message, and room for it if it holds none, unless other messages come before it. */
    OfferResult offer(Send send) {
        OfferResult result;
        boolean isClosed = false;
        boolean mayBeFree = false;
        Throwable failure = null;
        lock.lock();
        try {
            if (unsent.isReturning() || context.queue().isBefore(send)) {
                result = OfferResult.FULL;
            } else if (!send.isAdmittedBy(context.admission())
                    && !credit.tryAdmit(send, context.queue().isOneOfMany(send))) {
                result = OfferResult.NO_ROOM;
            } else {
                result = OfferResult.TAKEN;
                int before = unsent.waiting();
                boolean awaited = policy.awaitsTurn();
                failure = take(send);
                isClosed = unsent.waiting() > before;
                mayBeFree = policy.awaitsTurn() && !awaited;
            }
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            refuse(send, failure);
        }
        if (isClosed) {
            loop.run();
        } else if (result == OfferResult.NO_ROOM || failure != null) {
            giveBackIdleCredit();
        }
        if (isClosed || mayBeFree) {
            context.pace().giveTurns();
        }
        return result;
    }

    /**
     * Fails a message that was admitted but could not be added: memory is exhausted, or the message cannot be written.
     */
    private void refuse(Send send, Throwable cause) {
        send.release();
        context.completions()
                .fail(
                        send,
                        new SendFailedException(
                                "the message could not be put into a batch: " + cause, Outcome.NOT_SENT, cause),
                        context.counters());
    }

    /** Puts a message into an entry. Returns the failure if that was not possible, or null. */
    @GuardedBy("lock")
    private @Nullable Throwable take(Send send) {
        try {
            unsent.add(send);
        } catch (RuntimeException | Error e) { // the message has been admitted: its room would be lost
            return e;
        }
        try {
            closeIfDue(send);
        } catch (RuntimeException | Error e) {
            // the message has been added, and is sent with the next one
        }
        return null;
    }

    @GuardedBy("lock")
    private void closeIfDue(Send last) {
        if (unsent.isOpen() && (unsent.isFull() || policy.isUrgent(last) || policy.isDue())) {
            unsent.close();
        }
    }

    /** Sends all partly filled entries now, and gives back unspent credit: a flush waits for credit, too. */
    void flush() {
        Credit spent = null;
        lock.lock();
        try {
            unsent.close();
            if (!credit.isEmpty()) {
                spent = credit;
                credit = new Credit(context.admission());
            }
        } finally {
            lock.unlock();
        }
        if (spent != null) {
            spent.giveBack();
        }
        loop.run();
        context.pace().giveTurns();
    }

    /** Called when the client has reported the fate of an entry. */
    void progressed() {
        if (handover.inFlight() < LeavePolicy.FEW_MESSAGES) { // otherwise no entry is due because of a receipt
            boolean isClosed;
            lock.lock();
            try {
                isClosed = unsent.isOpen() && policy.isDue();
                if (isClosed) {
                    unsent.close();
                }
            } finally {
                lock.unlock();
            }
            if (isClosed) {
                loop.run();
            }
        }
        context.pace().giveTurns();
    }

    /** Returns whether there was an entry to send. */
    private boolean takeTurn() {
        boolean isClosed;
        lock.lock();
        try {
            isClosed = unsent.isOpen() && policy.isIdle();
            if (isClosed) {
                unsent.close();
            }
        } finally {
            lock.unlock();
        }
        if (isClosed) {
            loop.run();
        }
        return isClosed;
    }

    private void lookAgain() {
        lock.lock();
        try {
            if (policy.isDueAfterAlarm()) {
                unsent.close();
            }
        } finally {
            lock.unlock();
        }
        loop.run();
        context.pace().giveTurns();
    }

    /** Hands over all closed entries, one by one. Takes the lock only to access the queue. */
    private final class ClosedEntries implements DrainLoop.Drain {
        @Override
        public boolean drain(Turn turn) {
            Entry next = next();
            while (next != null) {
                OfferResult result = handover.hand(next);
                if (result != OfferResult.TAKEN) {
                    returnRefused(next, result);
                }
                if (handed() && turn.isOverAfterStep()) {
                    return false;
                }
                next = next();
            }
            giveBackIdleCredit();
            return true;
        }

        private @Nullable Entry next() {
            lock.lock();
            try {
                if (unsent.isOpen() && unsent.closed() == 0 && policy.isDue()) {
                    unsent.close();
                }
                return unsent.next();
            } finally {
                lock.unlock();
            }
        }

        /** Called when the entry in hand was sent, or is being returned. Returns whether other entries wait. */
        private boolean handed() {
            lock.lock();
            try {
                return unsent.handed();
            } finally {
                lock.unlock();
            }
        }

        /** Fails the entry that was in hand: it is not known whether the client has it. */
        @Override
        public void recover(Throwable cause) {
            Entry left;
            lock.lock();
            try {
                left = unsent.inHand();
            } finally {
                lock.unlock();
            }
            if (left != null) {
                handover.abandon(left, cause); // if this fails, too, the entry is still in hand
                handed();
            }
        }
    }

    /** Gives back unspent credit, if no entry is open. */
    private void giveBackIdleCredit() {
        Credit spent;
        lock.lock();
        try {
            if (unsent.isOpen() || credit.isEmpty()) {
                return;
            }
            spent = credit;
            credit = new Credit(context.admission());
        } finally {
            lock.unlock();
        }
        spent.giveBack();
    }

    /** The room that is held for future messages. */
    Reserve reserve() {
        lock.lock();
        try {
            return credit.unspent();
        } finally {
            lock.unlock();
        }
    }

    private void returnRefused(Entry refused, OfferResult result) {
        List<Send> sends = takeOut(refused);
        scheduler.execute(() -> returnToQueue(sends, result));
    }

    /**
     * Returns to the waiting queue all messages that have not been handed over: their producer is gone. On the control
     * thread.
     */
    void returnAll() {
        scheduler.assertCurrent();
        List<Send> sends = takeOut(null);
        giveBackIdleCredit();
        returnToQueue(sends, OfferResult.DOWN);
        context.pace().giveTurns(); // what was in flight here is not any more
    }

    private List<Send> takeOut(@Nullable Entry refused) {
        lock.lock();
        try {
            List<Send> sends = unsent.takeOut(refused);
            policy.rest();
            return sends;
        } finally {
            lock.unlock();
        }
    }

    private void returnToQueue(List<Send> sends, OfferResult result) {
        context.queue().returnFirst(sends, result);
        sends.forEach(Send::releaseStripe); // only now: a later message must not find its stripe free
        lock.lock();
        try {
            unsent.returned(sends);
        } finally {
            lock.unlock();
        }
    }

    /** How often open entries have been closed: messages that see the same number may share an entry. */
    long timesClosed() {
        return timesClosed.get();
    }
}
