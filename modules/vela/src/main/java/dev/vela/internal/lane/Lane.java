package dev.vela.internal.lane;

import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.SendFailedException;
import dev.vela.SendTimeoutException;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.pulsar.OfficialProducer;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * The way into one official producer, and into its successors under the same name.
 *
 * <p>Thread-safe. {@link #offer} may be called by any number of threads; {@link #attach} and {@link #detach} by the
 * control thread.
 */
public final class Lane {
    /*
     * Entries get their sequence ids and are handed over under one lock, so that ids grow in the order in which the
     * official producer queues them. The official producer takes its own monitor inside, and answers failures while it
     * holds it. Hence the rule that keeps this free of deadlock: what runs when a receipt or a failure arrives
     * (received, released) never takes this lock, except to try; it settles the one send by its flags, and leaves the
     * queue to be pruned by the next offer.
     */
    private static final long STALLED_AFTER_NANOS = Duration.ofMillis(500).toNanos();

    private final String name;
    private final int partition;
    private final Scheduler scheduler;
    private final Completions completions;
    private final LaneListener listener;
    private final LaneCounters counters;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deadlines inFlight = new Deadlines(); // guarded by lock
    private long nextSequenceId; // guarded by lock
    private volatile @Nullable EntryPublisher publisher; // written under lock

    private final AtomicInteger inFlightCount = new AtomicInteger();
    private final AtomicLong lastAcknowledged = new AtomicLong(-1);
    private volatile long lastProgress;
    private volatile long lastDisconnected; // written under lock

    /** What came of an offer. */
    public enum Verdict {
        /** The lane has it and will see that it is answered. */
        TAKEN,
        /** No producer is attached; the message is as it was. */
        DOWN,
        /** The client's memory is full; the message is as it was. */
        FULL
    }

    /**
     * A lane without a producer.
     *
     * @param name the producer's name
     * @param partition the partition that it publishes to, or -1
     */
    public Lane(
            String name,
            int partition,
            Scheduler scheduler,
            Completions completions,
            LaneCounters counters,
            LaneListener listener) {
        this.name = name;
        this.partition = partition;
        this.scheduler = scheduler;
        this.completions = completions;
        this.counters = counters;
        this.listener = listener;
    }

    public String name() {
        return name;
    }

    /** Gives the lane a producer. */
    public void attach(EntryPublisher fresh) {
        lock.lock();
        try {
            nextSequenceId = Math.max(nextSequenceId, fresh.lastSequenceId() + 1);
            publisher = fresh;
        } finally {
            lock.unlock();
        }
    }

    /** Hands nothing more to the producer. What was handed to it is still answered by its receipts. */
    public void endIntake() {
        lock.lock();
        try {
            lastDisconnected = lastDisconnected();
            publisher = null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the producer away, and answers everything that was handed to it: it left, and no receipt came.
     *
     * @param why what is told with each answer
     */
    public void detach(String why, @Nullable Throwable cause) {
        List<Send> orphans;
        lock.lock();
        try {
            lastDisconnected = lastDisconnected();
            publisher = null;
            orphans = inFlight.removeAll();
        } finally {
            lock.unlock();
        }
        for (Send orphan : orphans) {
            if (released(orphan)) {
                failed(orphan, new ProducerDiedException(name + " " + why, Outcome.UNKNOWN, cause));
            }
        }
    }

    /** Hands a message to the producer. */
    public Verdict offer(Send send) {
        CompletableFuture<MessageId> receipt;
        EntryPublisher taker;
        long sequenceId;
        boolean sweep;
        lock.lock();
        try {
            EntryPublisher current = publisher;
            if (current == null) {
                return Verdict.DOWN;
            }
            taker = current;
            long chosen = send.message().chosenSequenceId();
            sequenceId = chosen >= 0 ? chosen : nextSequenceId;
            receipt = publish(taker, send, sequenceId);
            Throwable refusal = Failures.of(receipt);
            if (refusal != null) {
                switch (Failures.ofSend(refusal)) {
                    case FULL -> {
                        return Verdict.FULL;
                    }
                    case DEAD, FENCED, TERMINATED -> {
                        lastDisconnected = lastDisconnected();
                        publisher = null;
                        scheduler.execute(() -> listener.died(taker, refusal));
                        return Verdict.DOWN;
                    }
                    default -> {}
                }
            }
            nextSequenceId = Math.max(nextSequenceId, sequenceId + 1);
            inFlight.prune(Send::isDone);
            sweep = inFlight.add(send);
            if (inFlightCount.get() == 0) {
                lastProgress = scheduler.nanoTime();
            }
            inFlightCount.incrementAndGet();
        } finally {
            lock.unlock();
        }
        if (sweep) {
            Deadlines.schedule(scheduler, send, this::sweep);
        }
        receipt.whenComplete((id, failure) -> received(taker, send, sequenceId, id, failure));
        return Verdict.TAKEN;
    }

    private static CompletableFuture<MessageId> publish(EntryPublisher taker, Send send, long sequenceId) {
        try {
            return taker.publish(send.message(), sequenceId);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A receipt or a failure came, on a thread of the client, perhaps with its locks held. */
    private void received(
            EntryPublisher from, Send send, long sequenceId, @Nullable MessageId receipt, @Nullable Throwable failure) {
        lastProgress = scheduler.nanoTime();
        if (!released(send)) {
            return;
        }
        if (failure == null && receipt != null) {
            lastAcknowledged.accumulateAndGet(sequenceId, Math::max);
            acknowledged(send, OfficialProducer.withPartition(receipt, partition));
            return;
        }
        Throwable cause = failure == null ? new IllegalStateException("no receipt") : Failures.unwrap(failure);
        switch (Failures.ofSend(cause)) {
            case MESSAGE ->
                failed(send, new MessageRejectedException(name + " could not publish: " + cause.getMessage(), cause));
            case DEAD, FENCED, TERMINATED -> {
                scheduler.execute(() -> listener.died(from, cause));
                failed(send, new ProducerDiedException(name + " died: " + cause.getMessage(), Outcome.UNKNOWN, cause));
            }
            default -> failed(send, new SendFailedException(name + ": " + cause.getMessage(), Outcome.UNKNOWN, cause));
        }
    }

    /** Gives back what the send holds. Returns whether this call did it, and so must answer it. */
    private boolean released(Send send) {
        if (!send.release()) {
            return false;
        }
        if (inFlightCount.decrementAndGet() == 0 && lock.tryLock()) {
            try {
                inFlight.prune(Send::isDone);
            } finally {
                lock.unlock();
            }
        }
        return true;
    }

    private void acknowledged(Send send, MessageId receipt) {
        if (send.settle(receipt, null)) {
            counters.acknowledged(send.message().sizeInBytes());
            completions.answer(send);
        }
    }

    private void failed(Send send, Throwable cause) {
        if (send.settle(null, cause)) {
            counters.failed();
            completions.answer(send);
        }
    }

    /** Answers those whose time is over. They stay in flight: the client still holds them. */
    private void sweep() {
        long now = scheduler.nanoTime();
        List<Send> expired;
        @Nullable Duration next;
        lock.lock();
        try {
            if (!inFlight.isDue(now)) {
                return;
            }
            inFlight.prune(Send::isDone);
            expired = inFlight.expired(now);
            next = inFlight.rearm(now);
        } finally {
            lock.unlock();
        }
        if (next != null) {
            scheduler.schedule(next, this::sweep);
        }
        for (Send send : expired) {
            failed(
                    send,
                    new SendTimeoutException(name + " got no receipt within the message's timeout", Outcome.UNKNOWN));
        }
    }

    /** Whether a producer is attached, connected or not. */
    public boolean isLive() {
        return publisher != null;
    }

    /** Whether a message would probably leave now: connected, and receipts are coming. */
    public boolean isHealthy() {
        EntryPublisher current = publisher;
        return current != null
                && current.isConnected()
                && (inFlightCount.get() == 0 || scheduler.nanoTime() - lastProgress < STALLED_AFTER_NANOS);
    }

    /** Whether the attached producer is connected. */
    public boolean isConnected() {
        EntryPublisher current = publisher;
        return current != null && current.isConnected();
    }

    /** Messages handed over whose fate the client has not told. */
    public int inFlight() {
        return inFlightCount.get();
    }

    /** How long the oldest message in flight has been on its way, from its acceptance; zero if none is. */
    public Duration oldestInFlight() {
        lock.lock();
        try {
            inFlight.prune(Send::isDone);
            Send oldest = inFlight.peek();
            return oldest == null ? Duration.ZERO : Duration.ofNanos(scheduler.nanoTime() - oldest.acceptedAt());
        } finally {
            lock.unlock();
        }
    }

    /** The highest sequence id of which a receipt has come, or -1. */
    public long lastAcknowledged() {
        return lastAcknowledged.get();
    }

    /** When a producer of this lane last lost its connection, in milliseconds of the epoch; 0 if none did. */
    public long lastDisconnected() {
        EntryPublisher current = publisher;
        return current == null ? lastDisconnected : Math.max(lastDisconnected, current.lastDisconnected());
    }

    /** Adds the futures of all that is in flight and not answered. */
    public void unanswered(List<CompletableFuture<MessageId>> into) {
        List<Send> all;
        lock.lock();
        try {
            all = inFlight.all();
        } finally {
            lock.unlock();
        }
        for (Send send : all) {
            if (!send.future().isDone()) {
                into.add(send.future());
            }
        }
    }
}
