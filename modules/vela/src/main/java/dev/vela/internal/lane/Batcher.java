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
 * Puts the messages of a lane together into entries, and hands those over, one at a time, in order.
 *
 * <p>Thread-safe.
 */
final class Batcher {
    /*
     * The lock parks a thread that finds it taken, though the sections are short. Threads that spin for it take turns, and each
     * turn moves the lines of what it guards to another core, which takes longer than the section; while they are parked, the
     * thread that has it goes on at full speed, and takes it many times before one of them runs.
     *
     * Adding and handing over are two things. A thread that adds a message holds the lock for as long as it takes to copy it,
     * and puts an entry that is to be sent into the queue "closed". Handing over is the DrainLoop's: one thread at a time,
     * without the lock, since that calls the official client. So entries are sent in order, and no thread waits for another's
     * call into the client. If a hand-over fails, the next thread that comes answers the entry that was in hand.
     *
     * When an entry is sent that is not full, the LeavePolicy says: when the lane is idle. Each event that can make it so looks
     * for an open entry afterwards: a receipt, by progressed(), the timer, and the thread handing over, after each entry. All
     * look under the lock, as does a thread that adds; so whichever of them comes last sees what the others did.
     *
     * Room in the budgets is taken in advance ("credit"). What is left of it when nothing is open any more, or when a flush
     * comes, is given back after the lock has been released.
     *
     * What could not be handed over, or has lost its producer before it was, goes back to the waiting queue, with all that is
     * behind it, in order. Until it is there it is in "returning", and nothing new is taken, or it would overtake; once it is
     * there, a thread that comes finds that others wait. It must look for both under the lock: a sender that had looked before,
     * and adds after, would come between the two.
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

    /** Takes a message, and room for it if it holds none, unless others come before it. */
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

    /** Fails a message that was admitted and could not be added: the memory is full, or it cannot be written. */
    private void refuse(Send send, Throwable cause) {
        send.release();
        context.completions()
                .fail(
                        send,
                        new SendFailedException(
                                "the message could not be put into a batch: " + cause, Outcome.NOT_SENT, cause),
                        context.counters());
    }

    /** Puts a message into an entry. Returns why it is not there, or null. */
    @GuardedBy("lock")
    private @Nullable Throwable take(Send send) {
        try {
            add(send);
        } catch (RuntimeException | Error e) { // it has been admitted: its room would be lost
            return e;
        }
        try {
            closeOrWait(send);
        } catch (RuntimeException | Error e) { // it has its place, and is sent with the next message
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
            open.begin(handover.maxBatchBytes()); // looked at again when it is sent
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
     * Whether the application chose an id that it, or an application before it, may have sent before. Such a message goes
     * alone: an entry cut in another way than the first time would be stored for the sake of its last message, and the
     * rest of it twice.
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

    /** Closes what is open: it is sent in its turn. */
    @GuardedBy("lock")
    @SuppressWarnings("GuardedBy") // entries are handed on within the call
    private void close() {
        if (open.isEmpty()) {
            return;
        }
        open.close(closed::add);
        lastClosed = scheduler.nanoTime();
        timesClosed.incrementAndGet();
    }

    /** Sends all partly filled entries now, and gives back what was taken in advance: a flush waits for that, too. */
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

    /** The client has told the fate of an entry. */
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

    /** Hands over all entries that are closed, one by one. Without the lock, but for looks at the queue. */
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

        /** The entry in hand was sent, or is on its way back. Returns whether there are others. */
        private boolean handed() {
            lock.lock();
            try {
                closed.letGo();
                return closed.waiting() > 0;
            } finally {
                lock.unlock();
            }
        }

        /** Fails the entry that was in hand: whether the client has it is not known. */
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
                handover.abandon(left, cause); // should that fail, too, it is still in hand
                handed();
            }
        }
    }

    /** Gives back what was taken in advance, if nothing is open. */
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

    /** The room that is held for messages that are yet to come. */
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
            closed.letGo(); // it is on its way back, whatever comes
        } finally {
            lock.unlock();
        }
        scheduler.execute(() -> returnToQueue(sends, result));
    }

    /** Returns all that has not been handed over to the waiting queue: its producer is gone. On the control thread. */
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
        sends.forEach(Send::releaseStripe); // only now: a later message must not find the way free
        lock.lock();
        try {
            returning.removeIf(those -> those == sends);
        } finally {
            lock.unlock();
        }
    }

    /** Takes out all that has not been handed over, in order; it is on its way back from now on. */
    @GuardedBy("lock")
    private void takeOut(List<Send> into) {
        closed.addSends(into);
        open.addSends(into);
        returning.add(into); // all are collected: from here on nothing needs memory
        closed.clear();
        open.clear();
        timerSet = false;
        alarm.cancel();
    }

    /** How often what was open has been closed: messages that see the same number may share an entry. */
    long timesClosed() {
        return timesClosed.get();
    }
}
