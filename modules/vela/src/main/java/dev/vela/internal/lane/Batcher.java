package dev.vela.internal.lane;

import dev.vela.Batching;
import dev.vela.Outcome;
import dev.vela.SendFailedException;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the messages of a lane together into entries, and hands those over, one at a time, in order.
 *
 * <p>Thread-safe.
 */
final class Batcher {
    /*
     * The lock parks who finds it taken, though the sections are short. Those who spin for it take turns, and each turn
     * moves the lines of what it guards to another core, which takes longer than the section; while they are parked,
     * whoever has it goes on at full speed, and takes it many times before one of them runs.
     *
     * Adding and handing over are two things. Who adds a message holds the lock for as long as it takes to copy it, and
     * puts an entry that is to leave into the queue "closed". Who finds that nobody hands over (the count "handing"
     * rises from 0) hands over all that is in the queue, without the lock, since that calls the official client; who
     * finds somebody at it leaves it to him, and he looks again before he goes. So entries leave in order, and no thread
     * waits for another's call into the client. No thread stays at it for longer than a turn, or the control thread and the
     * client's would hand over what others add, for as long as they do: then nobody is at it, and the control thread looks
     * soon, unless somebody else has come before. If handing over fails, since the stack or the heap of whoever does it is
     * full, nobody is at it either; whoever comes next answers what was in hand, and goes on.
     *
     * An entry that is not full leaves when there is no reason to wait ("idle"): nothing is closed and not handed over
     * (unhanded), and nothing is in flight; or little is, and none has left for a while (SPACING). Whoever makes that true
     * looks for an open entry afterwards: each receipt, by progressed(), the timer, and who hands over, after each entry.
     * All look under the lock, as does who adds; so whichever of them comes last sees what the others did.
     *
     * Room in the budgets is taken in advance ("credit"), and what is left of it when nothing is open any more is given
     * back by who hands over.
     *
     * What could not be handed over, or has lost its producer before it was, goes back to where messages wait for one, with
     * all that is behind it, in order. Until it is there it is in "returning", and nothing new
     * is taken, or it would overtake; once it is there, whoever comes finds that somebody waits. He must look for both under
     * the lock: a sender that had looked before, and adds after, would come between the two.
     */
    private static final Logger log = LoggerFactory.getLogger(Batcher.class);

    static final long SPACING_NANOS = 500_000;
    private static final Duration AFTER_FAILURE = Duration.ofMillis(20);
    static final int FEW_MESSAGES = 256;

    private final Batching batching;
    private final LaneContext settings;
    private final Lane lane;
    private final Scheduler scheduler;
    private final long interval;

    private final ReentrantLock lock = new ReentrantLock();
    private Credit credit; // guarded by lock
    private final OpenEntries open; // guarded by lock
    private long leftHighestId = -1; // guarded by lock; chosen by the application, of what is closed; or -1
    private volatile long lastLeft; // written under lock
    private final ArrayDeque<Entry> closed = new ArrayDeque<>(); // guarded by lock
    private int unhanded; // guarded by lock
    private @Nullable Entry leaving; // guarded by lock; being handed over
    private final List<List<Send>> returning = new ArrayList<>(); // guarded by lock
    private final Alarm alarm; // guarded by lock
    private boolean timerSet; // guarded by lock

    private final AtomicInteger handing = new AtomicInteger();
    private @Nullable Throwable broken; // by who hands over, published by handing; why the last one did not go on
    private final AtomicLong generation = new AtomicLong();

    Batcher(Batching batching, LaneContext settings, Lane lane) {
        this.batching = batching;
        this.settings = settings;
        this.lane = lane;
        this.scheduler = settings.scheduler();
        this.interval = batching.flushInterval().toNanos();
        this.credit = new Credit(settings.admission());
        this.open = new OpenEntries(batching, settings);
        this.alarm = new Alarm(scheduler, this::timeIsUp);
        this.lastLeft = scheduler.nanoTime() - SPACING_NANOS;
    }

    /** Lets a message in and takes it, or does neither. */
    boolean tryTake(Send send, WaitingQueue waiting) {
        boolean taken;
        boolean leaves = false;
        Throwable failure = null;
        lock.lock();
        try {
            taken = returning.isEmpty() && waiting.isEmpty() && credit.tryTake(send);
            if (taken) {
                int before = closed.size();
                failure = take(send);
                leaves = closed.size() > before;
            }
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            refuse(send, failure);
        }
        if (leaves) {
            handOver();
        } else if (!taken || failure != null) {
            giveBackCredit();
        }
        return taken;
    }

    /**
     * Takes a message, unless others are on their way back, or wait.
     *
     * @param waiting where others may wait that come before this one; null for one of those
     */
    OfferResult offer(Send send, @Nullable WaitingQueue waiting) {
        boolean leaves;
        Throwable failure;
        lock.lock();
        try {
            if (!returning.isEmpty() || (waiting != null && !waiting.isEmpty())) {
                return OfferResult.FULL;
            }
            int before = closed.size();
            failure = take(send);
            leaves = closed.size() > before;
        } finally {
            lock.unlock();
        }
        if (failure != null) {
            refuse(send, failure);
        }
        if (leaves) {
            handOver();
        }
        return OfferResult.TAKEN;
    }

    /** Answers a message that was let in and could not be added: the memory is full, or it cannot be written. */
    private void refuse(Send send, Throwable cause) {
        send.release();
        settings.completions()
                .fail(
                        send,
                        new SendFailedException(
                                "the message could not be put into a batch: " + cause, Outcome.NOT_SENT, cause),
                        settings.counters());
    }

    /** Puts a message where it leaves. Returns why it is not there, or null. */
    private @Nullable Throwable take(Send send) {
        try {
            add(send);
        } catch (RuntimeException | Error e) { // it has been let in: whoever only throws keeps its room for good
            return e;
        }
        try {
            closeOrWait(send);
        } catch (RuntimeException | Error e) { // it has its place, and leaves with what comes next
            return null;
        }
        return null;
    }

    private void closeOrWait(Send last) {
        if (open.isEmpty()) {
            return;
        }
        if (open.isFull() || isIdle(open.since()) || last.timeout() <= interval) {
            close();
        } else if (!timerSet) {
            setTimer(open.since());
        }
    }

    private void add(Send send) {
        if (!open.mayShare(send, lane.maxBatchBytes()) || mayBeStored(send)) {
            close();
            send.acceptAt(scheduler.nanoTime());
            leave(new SingleEntry(send));
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
    private boolean mayBeStored(Send send) {
        long chosen = send.message().chosenSequenceId();
        return chosen >= 0
                && (chosen <= leftHighestId || chosen <= lane.highestSequenceId() || open.hasReached(chosen));
    }

    /** Whether there is no reason to wait for company: nothing is on its way, or nothing has left for long enough. */
    private boolean isIdle(long now) {
        return batching.flush() == Batching.Flush.WHEN_IDLE
                && unhanded == 0
                && (lane.entriesInFlight() == 0 || (isLittleInFlight() && now - lastLeft >= SPACING_NANOS));
    }

    private boolean isLittleInFlight() {
        return lane.inFlight() < FEW_MESSAGES;
    }

    /** What is open leaves. */
    private void close() {
        if (open.isEmpty()) {
            return;
        }
        open.close(this::leave);
        lastLeft = scheduler.nanoTime();
        generation.incrementAndGet();
    }

    private void leave(Entry entry) {
        closed.add(entry);
        leftHighestId = Math.max(leftHighestId, entry.outgoing().chosenSequenceId());
        unhanded++;
    }

    /** Has all that waits for company leave now. */
    void flush() {
        lock.lock();
        try {
            close();
        } finally {
            lock.unlock();
        }
        handOver();
    }

    /** The client has told the fate of an entry. */
    void progressed() {
        long now = scheduler.nanoTime();
        if (lane.entriesInFlight() > 0 && now - lastLeft < SPACING_NANOS) {
            return;
        }
        boolean leaves;
        lock.lock();
        try {
            leaves = !open.isEmpty() && isIdle(now);
            if (leaves) {
                close();
            }
        } finally {
            lock.unlock();
        }
        if (leaves) {
            handOver();
        }
    }

    private void setTimer(long now) {
        long left = open.since() + interval - now;
        long spacing = lastLeft + SPACING_NANOS - now;
        boolean early = batching.flush() == Batching.Flush.WHEN_IDLE && spacing > 0 && isLittleInFlight();
        alarm.setIn(Duration.ofNanos(Math.max(0, early ? Math.min(left, spacing) : left)));
        timerSet = true;
    }

    private void timeIsUp() {
        lock.lock();
        try {
            timerSet = false;
            if (!open.isEmpty()) {
                long now = scheduler.nanoTime();
                if (now - open.since() >= interval || isIdle(now)) {
                    close();
                } else {
                    setTimer(now);
                }
            }
        } finally {
            lock.unlock();
        }
        handOver();
    }

    /** Hands over what is closed, unless somebody is at it. */
    private void handOver() {
        if (handing.getAndIncrement() != 0) {
            return;
        }
        boolean isDone;
        try {
            abandonLeft();
            isDone = handOverForATurn();
        } catch (Throwable failure) { // a full stack or heap of whoever does this: what is behind must not stay for it
            broken = failure;
            handing.set(0);
            scheduler.schedule(AFTER_FAILURE, this::handOver);
            return;
        }
        if (!isDone) {
            handing.set(0);
            scheduler.execute(this::handOver);
        }
    }

    /** Returns whether nothing is left, and nobody is at it any more. */
    private boolean handOverForATurn() {
        Turn turn = new Turn(scheduler);
        int seen = 1;
        while (seen != 0) {
            Entry next = next();
            while (next != null) {
                OfferResult verdict = lane.hand(next);
                if (verdict != OfferResult.TAKEN) {
                    giveBack(next, verdict);
                }
                if (handed() && turn.isOverAfterStep()) {
                    return false;
                }
                next = next();
            }
            giveBackCredit();
            seen = handing.addAndGet(-seen);
        }
        return true;
    }

    /** The next that leaves. */
    private @Nullable Entry next() {
        lock.lock();
        try {
            if (!open.isEmpty() && isIdle(open.since())) {
                close();
            }
            leaving = closed.poll();
            if (leaving instanceof BatchEntry batch && batch.length() > lane.maxBatchBytes()) {
                leaving = dissolved(batch);
            }
            return leaving;
        } finally {
            lock.unlock();
        }
    }

    /** The one that was leaving has left, or is on its way back. Returns whether there are others. */
    private boolean handed() {
        lock.lock();
        try {
            if (leaving != null) {
                leaving = null;
                unhanded--;
            }
            return !closed.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Answers the one that was leaving when whoever handed it over failed: whether the client has it is not known. */
    private void abandonLeft() {
        Throwable failure = broken;
        if (failure == null) {
            return;
        }
        broken = null;
        log.error("{} failed to hand over an entry", lane.name(), failure);
        Entry left;
        lock.lock();
        try {
            left = leaving;
            leaving = null;
            if (left != null) {
                unhanded--;
            }
        } finally {
            lock.unlock();
        }
        if (left != null) {
            lane.abandon(left, failure);
        }
    }

    /** The messages of a batch that is too large by now leave one by one, where it would have. Returns the first. */
    private Entry dissolved(BatchEntry batch) {
        List<SingleEntry> singles = batch.sends().stream().map(SingleEntry::new).toList();
        for (int i = singles.size() - 1; i > 0; i--) {
            closed.addFirst(singles.get(i));
        }
        unhanded += singles.size() - 1;
        return singles.get(0);
    }

    /** Gives back room that was taken for messages of which there are none, so far. */
    private void giveBackCredit() {
        Credit spent;
        lock.lock();
        try {
            if (!open.isEmpty() || credit.isEmpty()) {
                return;
            }
            spent = credit;
            credit = new Credit(settings.admission());
        } finally {
            lock.unlock();
        }
        spent.giveBack();
    }

    /** What is held for messages yet to come. */
    Reserve reserve() {
        lock.lock();
        try {
            return new Reserve(credit.messages(), credit.bytes());
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Entry refused, OfferResult verdict) {
        List<Send> sends = new ArrayList<>();
        lock.lock();
        try {
            refused.addSends(sends);
            takeAll(sends);
            leaving = null; // it is on its way back, whatever comes
            unhanded--;
        } finally {
            lock.unlock();
        }
        scheduler.execute(() -> giveBack(sends, verdict));
    }

    /** Gives back all that has not been handed over: its producer is gone. On the control thread. */
    void giveBackAll() {
        List<Send> sends = new ArrayList<>();
        lock.lock();
        try {
            takeAll(sends);
        } finally {
            lock.unlock();
        }
        giveBackCredit();
        giveBack(sends, OfferResult.DOWN);
    }

    private void giveBack(List<Send> sends, OfferResult verdict) {
        if (!sends.isEmpty()) {
            lane.givenBack(sends, verdict);
        }
        lock.lock();
        try {
            returning.removeIf(those -> those == sends);
        } finally {
            lock.unlock();
        }
    }

    /** Takes out all that has not been handed over, in order; it is on its way back from now on. */
    private void takeAll(List<Send> into) {
        closed.forEach(entry -> entry.addSends(into));
        open.addSends(into);
        returning.add(into); // all are collected: from here on nothing needs memory
        unhanded -= closed.size();
        closed.clear();
        open.clear();
        timerSet = false;
        alarm.cancel();
        leftHighestId = -1; // they did not leave; of those that did, the lane knows
    }

    /** How many times entries have been closed: messages that see the same number may share an entry. */
    long generation() {
        return generation.get();
    }

    /** Adds all that has not been handed over, is being handed over now, or is on its way back. */
    void unanswered(List<Send> into) {
        lock.lock();
        try {
            if (leaving != null) {
                leaving.unanswered(into);
            }
            closed.forEach(entry -> entry.unanswered(into));
            open.unanswered(into);
            returning.forEach(into::addAll);
        } finally {
            lock.unlock();
        }
    }
}
