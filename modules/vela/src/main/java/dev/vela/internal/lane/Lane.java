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
     * (received, released) never takes this lock, except to try; it settles the one entry by its flags, and leaves the
     * queue to be pruned by the next offer.
     */
    private final String name;
    private final LaneSettings settings;
    private final Scheduler scheduler;
    private final LaneListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final InFlight inFlight;
    private volatile long nextSequenceId; // written under lock
    private volatile @Nullable EntryPublisher publisher; // written under lock

    private final @Nullable Batcher batcher;
    private final AtomicLong lastAcknowledged = new AtomicLong(-1);
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
     */
    public Lane(String name, LaneSettings settings, LaneListener listener) {
        this.name = name;
        this.settings = settings;
        this.scheduler = settings.scheduler();
        this.listener = listener;
        this.inFlight = new InFlight(lock, scheduler, this::expired);
        this.batcher = settings.batching() == null ? null : new Batcher(settings.batching(), settings, this);
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
        flush();
        lock.lock();
        try {
            lastDisconnected = lastDisconnected();
            publisher = null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the producer away, answers everything that was handed to it (it left, and no receipt came), and gives back
     * what was not.
     *
     * @param why what is told with each answer
     */
    public void detach(String why, @Nullable Throwable cause) {
        List<Entry> orphans;
        lock.lock();
        try {
            lastDisconnected = lastDisconnected();
            publisher = null;
            orphans = inFlight.removeAll();
        } finally {
            lock.unlock();
        }
        for (Entry orphan : orphans) {
            if (released(orphan)) {
                failed(orphan, new ProducerDiedException(name + " " + why, Outcome.UNKNOWN, cause));
            }
        }
        if (batcher != null) {
            List<Send> kept = batcher.takeAll();
            if (!kept.isEmpty()) {
                givenBack(kept, Verdict.DOWN);
            }
        }
    }

    /** Messages that could not be handed over go back to where they wait for a producer. On the control thread. */
    void givenBack(List<Send> sends, Verdict verdict) {
        listener.givenBack(sends, verdict);
        sends.forEach(Send::releaseSlot); // only now: what comes later must not find the way free
    }

    /**
     * Lets a message in and takes it, in one step, if it can leave in an entry with others and nothing is in the way.
     * Otherwise nothing has happened to it.
     *
     * @param waiting where others may wait that come before this one
     */
    public boolean tryTake(Send send, Lobby waiting) {
        return batcher != null && publisher != null && batcher.tryTake(send, waiting);
    }

    /**
     * Hands a message that was let in to the producer, at once or with others.
     *
     * @param waiting where others may wait that come before this one, and then it is not taken; null for one of those
     */
    public Verdict offer(Send send, @Nullable Lobby waiting) {
        if (batcher != null) {
            return publisher == null ? Verdict.DOWN : batcher.offer(send, waiting);
        }
        return waiting == null || waiting.isEmpty() ? hand(new Single(send)) : Verdict.FULL;
    }

    /** Has all that waits for company leave now. */
    public void flush() {
        if (batcher != null) {
            batcher.flush();
        }
    }

    /** Hands an entry to the producer. */
    Verdict hand(Entry entry) {
        CompletableFuture<MessageId> receipt;
        EntryPublisher taker;
        long sequenceId;
        long connection;
        boolean sweep;
        lock.lock();
        try {
            EntryPublisher current = publisher;
            if (current == null) {
                return Verdict.DOWN;
            }
            taker = current;
            long chosen = entry.outgoing().chosenSequenceId();
            sequenceId = chosen >= 0 ? chosen : nextSequenceId;
            connection = taker.lastDisconnected();
            receipt = publish(taker, entry, sequenceId);
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
            sweep = inFlight.add(entry);
        } finally {
            lock.unlock();
        }
        if (sweep) {
            inFlight.scheduleSweep(entry);
        }
        receipt.whenComplete((id, failure) -> received(taker, connection, entry, sequenceId, id, failure));
        return Verdict.TAKEN;
    }

    private static CompletableFuture<MessageId> publish(EntryPublisher taker, Entry entry, long sequenceId) {
        try {
            return taker.publish(entry.outgoing(), sequenceId);
        } catch (RuntimeException | Error e) { // an Error, too: whoever hands over must not leave the rest behind
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A receipt or a failure came, on a thread of the client, perhaps with its locks held. */
    private void received(
            EntryPublisher from,
            long connection,
            Entry entry,
            long sequenceId,
            @Nullable MessageId receipt,
            @Nullable Throwable failure) {
        inFlight.progressed();
        if (!released(entry)) {
            return;
        }
        if (failure == null && receipt != null) {
            lastAcknowledged.accumulateAndGet(sequenceId, Math::max);
            entry.acknowledge(
                    OfficialProducer.withPartition(receipt, settings.partition()),
                    settings.completions(),
                    settings.counters());
            stored(from, connection, entry);
            return;
        }
        Throwable cause = failure == null ? new IllegalStateException("no receipt") : Failures.unwrap(failure);
        switch (Failures.ofSend(cause)) {
            case MESSAGE ->
                failed(entry, new MessageRejectedException(name + " could not publish: " + cause.getMessage(), cause));
            case DEAD, FENCED, TERMINATED -> {
                scheduler.execute(() -> listener.died(from, cause));
                failed(entry, new ProducerDiedException(name + " died: " + cause.getMessage(), Outcome.UNKNOWN, cause));
            }
            default -> failed(entry, new SendFailedException(name + ": " + cause.getMessage(), Outcome.UNKNOWN, cause));
        }
        if (batcher != null) {
            scheduler.execute(batcher::progressed); // not here: the client may hold its locks
        }
    }

    /** A receipt came: its bytes are the client's no longer, unless they went over a connection that was replaced. */
    private void stored(EntryPublisher from, long connection, Entry entry) {
        if (batcher != null) {
            if (from.lastDisconnected() == connection) {
                entry.recycle();
            }
            batcher.progressed();
        }
    }

    /** Gives back what the entry holds. Returns whether this call did it, and so must answer it. */
    private boolean released(Entry entry) {
        if (!entry.release()) {
            return false;
        }
        inFlight.ended(entry);
        return true;
    }

    private void failed(Entry entry, Throwable cause) {
        entry.fail(cause, settings.completions(), settings.counters());
    }

    /** Its time is over. It stays in flight: the client still holds it. */
    private void expired(Send send) {
        failed(
                new Single(send),
                new SendTimeoutException(name + " got no receipt within the message's timeout", Outcome.UNKNOWN));
    }

    /** Whether a producer is attached, connected or not. */
    public boolean isLive() {
        return publisher != null;
    }

    /** Whether a message would probably leave now: connected, and receipts are coming. */
    public boolean isHealthy() {
        EntryPublisher current = publisher;
        return current != null && current.isConnected() && !inFlight.isStalled();
    }

    /**
     * Whether the client seems to have forgotten an entry: the oldest in flight timed out, and nothing was heard of any for
     * so long.
     */
    public boolean isForsaken(Duration limit) {
        return inFlight.isForsaken(limit);
    }

    /** Whether the attached producer is connected. */
    public boolean isConnected() {
        EntryPublisher current = publisher;
        return current != null && current.isConnected();
    }

    /** Messages handed over whose fate the client has not told. */
    public int inFlight() {
        return inFlight.messages();
    }

    /** The highest sequence id that was given to an entry, or that the broker knew of the name; -1 for none. */
    long highestSequenceId() {
        return nextSequenceId - 1;
    }

    /** Entries handed over whose fate the client has not told. */
    int entriesInFlight() {
        return inFlight.entries();
    }

    /** How many entries have been closed so far; 0 without batching. Messages that see the same number share one. */
    public long batchGeneration() {
        return batcher == null ? 0 : batcher.generation();
    }

    /** Room taken for messages yet to come, which counts as pending. */
    public Reserve reserve() {
        return batcher == null ? Reserve.NONE : batcher.reserve();
    }

    /** How long the oldest message in flight has been on its way, from its acceptance; zero if none is. */
    public Duration oldestInFlight() {
        return inFlight.oldest();
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
        if (batcher != null) {
            batcher.unanswered(into);
        }
        inFlight.unanswered(into);
    }
}
