package dev.vela.internal.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.Batching;
import dev.vela.Outcome;
import dev.vela.SendFailedException;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
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
     * The LeavePolicy decides when an entry that is not full is sent: when the lane is idle. A thread checks for an
     * open entry after each event that can make the lane idle: a receipt (in progressed()), the timer, and each
     * hand-over of an entry. Checks and additions are made under the lock, so the last of these threads sees the
     * changes of the others.
     *
     * Room in the budgets is taken in advance ("credit"). Unspent credit is given back when no entry is open any more,
     * or on a flush, after the lock has been released.
     *
     * Messages that could not be handed over, or whose producer was lost before the hand-over, go back to the waiting
     * queue with all messages behind them, in order. Until they are queued there, they are in "returning" and no new
     * message is taken, since it would overtake them. Once they are queued, a sender sees that other messages wait. A
     * sender must check both conditions under the lock: if it checked before taking the lock, its message could slip in
     * between the two states.
     */
    private final LeavePolicy policy;
    private final LaneContext context;
    private final Handover handover;
    private final IntSupplier maxBatchBytes;
    private final DrainLoop loop;
    private final Scheduler scheduler;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Credit credit;

    @GuardedBy("lock")
    private final OpenEntries open;

    private volatile long lastClosed; // written under lock

    @GuardedBy("lock")
    private final HandoverQueue closed = new HandoverQueue();

    @GuardedBy("lock")
    private final List<List<Send>> returning = new ArrayList<>();

    @GuardedBy("lock")
    private final Alarm alarm;

    @GuardedBy("lock")
    private boolean timerSet;

    private final AtomicLong timesClosed = new AtomicLong();

    Batcher(String name, Batching batching, LaneContext context, Handover handover) {
        this.policy = new LeavePolicy(batching);
        this.context = context;
        this.handover = handover;
        this.maxBatchBytes = handover::maxBatchBytes;
        this.scheduler = context.scheduler();
        this.loop = new DrainLoop(name, scheduler, new ClosedEntries());
        this.credit = new Credit(context.admission());
        this.open = new OpenEntries(batching, context);
        this.alarm = new Alarm(scheduler, this::timeIsUp);
        this.lastClosed = scheduler.nanoTime() - LeavePolicy.SPACING_NANOS;
    }

    /** Takes a message, and room for it if it holds none, unless other messages come before it. */
    OfferResult offer(Send send) {
        OfferResult result;
        boolean isClosed = false;
        Throwable failure = null;
        lock.lock();
        try {
            if (!returning.isEmpty() || context.queue().isBefore(send)) {
                result = OfferResult.FULL;
            } else if (!isAdmitted(send)) {
                result = OfferResult.NO_ROOM;
            } else {
                result = OfferResult.TAKEN;
                int before = closed.waiting();
                failure = take(send);
                isClosed = closed.waiting() > before;
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
        return result;
    }

    @GuardedBy("lock")
    private boolean isAdmitted(Send send) {
        return send.isAdmittedBy(context.admission())
                || credit.tryAdmit(send, context.queue().isOneOfMany(send));
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
            add(send);
        } catch (RuntimeException | Error e) { // the message has been admitted: its room would be lost
            return e;
        }
        try {
            closeOrWait(send);
        } catch (RuntimeException | Error e) { // the message has been added, and is sent with the next one
            return null;
        }
        return null;
    }

    @GuardedBy("lock")
    private void closeOrWait(Send last) {
        if (open.isEmpty()) {
            return;
        }
        if (open.isFull() || isIdle(open.since()) || last.timeout() <= policy.interval()) {
            close();
        } else if (!timerSet) {
            setTimer(open.since());
        }
    }

    @GuardedBy("lock")
    private void add(Send send) {
        if (open.isEmpty()) {
            open.begin(handover.maxBatchBytes()); // the limit is checked again when the entry is sent
        }
        if (!open.mayShare(send) || mayBeStored(send)) {
            close();
            send.acceptAt(scheduler.nanoTime());
            closed.add(new SingleEntry(send));
            return;
        }
        if (!open.hasPlaceFor(send)) {
            close();
        }
        open.add(send);
    }

    /**
     * Whether the application chose a sequence id that it, or an earlier application, may have sent before. Such a
     * message is sent alone: if an entry were composed differently from the first time, the broker would store it
     * because of its last message, and would store its other messages twice.
     */
    @GuardedBy("lock")
    private boolean mayBeStored(Send send) {
        long chosen = send.message().chosenSequenceId();
        return chosen >= 0
                && (chosen <= closed.highestChosenId()
                        || chosen <= handover.highestSequenceId()
                        || open.hasReached(chosen));
    }

    @GuardedBy("lock")
    private boolean isIdle(long now) {
        return policy.isIdle(now, closed.unhanded(), handover.entriesInFlight(), handover.inFlight(), lastClosed);
    }

    /** Closes all open entries: they are sent in their turn. */
    @GuardedBy("lock")
    @SuppressWarnings("GuardedBy") // entries are passed on within the call
    private void close() {
        if (open.isEmpty()) {
            return;
        }
        open.close(closed::add);
        lastClosed = scheduler.nanoTime();
        timesClosed.incrementAndGet();
    }

    /** Sends all partly filled entries now, and gives back unspent credit: a flush waits for credit, too. */
    void flush() {
        Credit spent = null;
        lock.lock();
        try {
            close();
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
    }

    /** Called when the client has reported the fate of an entry. */
    void progressed() {
        long now = scheduler.nanoTime();
        if (!policy.mayBeIdle(now, handover.entriesInFlight(), lastClosed)) {
            return;
        }
        boolean isClosed;
        lock.lock();
        try {
            isClosed = !open.isEmpty() && isIdle(now);
            if (isClosed) {
                close();
            }
        } finally {
            lock.unlock();
        }
        if (isClosed) {
            loop.run();
        }
    }

    @GuardedBy("lock")
    private void setTimer(long now) {
        alarm.setIn(Duration.ofNanos(policy.untilNextLook(now, open.since(), handover.inFlight(), lastClosed)));
        timerSet = true;
    }

    private void timeIsUp() {
        lock.lock();
        try {
            timerSet = false;
            if (!open.isEmpty()) {
                long now = scheduler.nanoTime();
                if (policy.isOver(now, open.since()) || isIdle(now)) {
                    close();
                } else {
                    setTimer(now);
                }
            }
        } finally {
            lock.unlock();
        }
        loop.run();
    }

    /** Hands over all closed entries, one by one. Takes the lock only to access the queue. */
    private final class ClosedEntries implements DrainLoop.Drain {
        @Override
        public boolean drain(Turn turn) {
            Entry next = next();
            while (next != null) {
                OfferResult result = handover.hand(next);
                if (result != OfferResult.TAKEN) {
                    takeBack(next, result);
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
                if (!open.isEmpty() && isIdle(open.since())) {
                    close();
                }
                return closed.take(maxBatchBytes);
            } finally {
                lock.unlock();
            }
        }

        /** Called when the entry in hand was sent, or is being returned. Returns whether other entries wait. */
        private boolean handed() {
            lock.lock();
            try {
                closed.letGo();
                return closed.waiting() > 0;
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
                left = closed.inHand();
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
            if (!open.isEmpty() || credit.isEmpty()) {
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

    private void takeBack(Entry refused, OfferResult result) {
        List<Send> sends = new ArrayList<>();
        lock.lock();
        try {
            refused.addSends(sends);
            takeOut(sends);
            closed.letGo(); // the entry is being returned, whatever happens next
        } finally {
            lock.unlock();
        }
        scheduler.execute(() -> returnToQueue(sends, result));
    }

    /**
     * Returns to the waiting queue all messages that have not been handed over: their producer is gone. On the control
     * thread.
     */
    void returnAll() {
        scheduler.assertCurrent();
        List<Send> sends = new ArrayList<>();
        lock.lock();
        try {
            takeOut(sends);
        } finally {
            lock.unlock();
        }
        giveBackIdleCredit();
        returnToQueue(sends, OfferResult.DOWN);
    }

    private void returnToQueue(List<Send> sends, OfferResult result) {
        context.queue().returnFirst(sends, result);
        sends.forEach(Send::releaseStripe); // only now: a later message must not find its stripe free
        lock.lock();
        try {
            returning.removeIf(those -> those == sends);
        } finally {
            lock.unlock();
        }
    }

    /** Takes out all messages that have not been handed over, in order. From now on they are being returned. */
    @GuardedBy("lock")
    private void takeOut(List<Send> into) {
        closed.addSends(into);
        open.addSends(into);
        returning.add(into); // all are collected: nothing allocates from here on
        closed.clear();
        open.clear();
        timerSet = false;
        alarm.cancel();
    }

    /** How often open entries have been closed: messages that see the same number may share an entry. */
    long timesClosed() {
        return timesClosed.get();
    }
}
