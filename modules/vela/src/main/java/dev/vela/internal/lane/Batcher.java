package dev.vela.internal.lane;

import dev.vela.Batching;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages of a lane together into entries, and hands those over, one at a time, in order.
 *
 * <p>Thread-safe.
 */
final class Batcher {
    /*
     * Adding and handing over are two things. Who adds a message holds the lock for as long as it takes to copy it, and
     * puts an entry that is to leave into the queue "closed". Who finds that nobody hands over (the count "handing"
     * rises from 0) hands over all that is in the queue, without the lock, since that calls the official client; who
     * finds somebody at it leaves it to him, and he looks again before he goes. So entries leave in order, and no thread
     * waits for another's call into the client.
     *
     * An entry that is not full leaves when nothing is on its way ("idle"): nothing closed and not handed over
     * (unhanded), nothing in flight. Whoever makes that true looks for an open entry afterwards: the receipt that ends
     * what is in flight, by idle(), and who hands over, after each entry. Both look under the lock, as does who adds; so
     * whichever of them comes last sees what the others did.
     *
     * What could not be handed over goes back to where messages wait for a producer, with all that is behind it, in
     * order. Until it is there ("givingBack") nothing new is taken, or it would overtake; once it is there, whoever comes
     * finds that somebody waits. He must look for both under the lock: a sender that had looked before, and adds after,
     * would come between the two.
     */
    private static final int SPARE_BUFFERS = 16;
    private static final int SMALLEST_BUFFER = 1024;

    private final Batching batching;
    private final Schema<?> schema;
    private final Lane lane;
    private final Scheduler scheduler;

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Batch open; // guarded by lock; null if grouped by key
    private final Map<String, Batch> openByKey = new LinkedHashMap<>(); // guarded by lock; empty unless grouped by key
    private int openMessages; // guarded by lock
    private int openBytes; // guarded by lock
    private long openSince; // guarded by lock
    private final ArrayDeque<Entry> closed = new ArrayDeque<>(); // guarded by lock
    private int unhanded; // guarded by lock
    private @Nullable Entry leaving; // guarded by lock; being handed over
    private boolean givingBack; // guarded by lock
    private boolean timerSet; // guarded by lock
    private final ArrayDeque<byte[]> spare = new ArrayDeque<>(); // guarded by lock
    private int usualLength = SMALLEST_BUFFER; // guarded by lock; rises at once, falls by halves

    private final AtomicInteger handing = new AtomicInteger();
    private final AtomicLong generation = new AtomicLong();

    Batcher(Batching batching, Schema<?> schema, Lane lane, Scheduler scheduler) {
        this.batching = batching;
        this.schema = schema;
        this.lane = lane;
        this.scheduler = scheduler;
    }

    /**
     * Takes a message, unless others are on their way back, or wait.
     *
     * @param waiting where others may wait that come before this one; null for one of those
     */
    Lane.Verdict offer(Send send, @Nullable Lobby waiting) {
        boolean leaves;
        lock.lock();
        try {
            if (givingBack || (waiting != null && !waiting.isEmpty())) {
                return Lane.Verdict.FULL;
            }
            add(send);
            if (openMessages > 0 && (isFull() || isIdle() || cannotWait(send))) {
                close();
            }
            leaves = !closed.isEmpty();
            if (openMessages > 0) {
                setTimer();
            }
        } finally {
            lock.unlock();
        }
        if (leaves) {
            handOver();
        }
        return Lane.Verdict.TAKEN;
    }

    private void add(Send send) {
        int size = send.message().framedBytes();
        if (size > batching.maxBytes() || !send.message().canShare(schema)) {
            close();
            leave(send);
            return;
        }
        if (openBytes + size > batching.maxBytes()) {
            close();
        }
        if (openMessages == 0) {
            openSince = send.acceptedAt();
        }
        batchFor(send).add(send);
        openMessages++;
        openBytes += size;
    }

    private Batch batchFor(Send send) {
        if (batching.keyGrouped()) {
            return openByKey.computeIfAbsent(send.message().group(), absent -> new Batch(schema, send, buffer()));
        }
        Batch batch = open;
        if (batch == null) {
            batch = new Batch(schema, send, buffer());
            open = batch;
        }
        return batch;
    }

    private byte[] buffer() {
        byte[] again = spare.poll();
        return again == null ? new byte[Math.max(SMALLEST_BUFFER, usualLength)] : again;
    }

    private boolean isFull() {
        return openMessages >= batching.maxMessages() || openBytes >= batching.maxBytes();
    }

    /** Whether a message must be answered before the interval is over. */
    private boolean cannotWait(Send send) {
        return send.deadline() - send.acceptedAt() <= batching.flushInterval().toNanos();
    }

    /** Whether nothing is on its way, and that is a reason to leave. */
    private boolean isIdle() {
        return batching.flush() == Batching.Flush.WHEN_IDLE && unhanded == 0 && lane.entriesInFlight() == 0;
    }

    /** What is open leaves. */
    private void close() {
        if (openMessages == 0) {
            return;
        }
        Batch single = open;
        if (single != null) {
            leave(single);
        }
        openByKey.values().forEach(this::leave);
        open = null;
        openByKey.clear();
        openMessages = 0;
        openBytes = 0;
        generation.incrementAndGet();
    }

    private void leave(Batch batch) {
        if (batch.messages() == 1) { // goes as an ordinary one, as the official client has it
            keep(batch.buffer());
            leave(batch.first());
        } else {
            usualLength = Math.max(Integer.highestOneBit(batch.length() - 1) * 2, usualLength / 2);
            leave((Entry) batch);
        }
    }

    private void keep(byte[] buffer) {
        if (spare.size() < SPARE_BUFFERS && buffer.length <= 2 * usualLength) {
            spare.push(buffer);
        }
    }

    private void leave(Entry entry) {
        closed.add(entry);
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

    /** Nothing is in flight any more. */
    void idle() {
        boolean leaves;
        lock.lock();
        try {
            leaves = openMessages > 0 && isIdle();
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

    private void setTimer() {
        if (!timerSet) {
            timerSet = true;
            Duration left = Duration.ofNanos(
                    Math.max(0, openSince + batching.flushInterval().toNanos() - scheduler.nanoTime()));
            scheduler.schedule(left, this::interval);
        }
    }

    private void interval() {
        lock.lock();
        try {
            timerSet = false;
            if (openMessages > 0) {
                if (scheduler.nanoTime() - openSince >= batching.flushInterval().toNanos()) {
                    close();
                } else {
                    setTimer();
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
        int seen = 1;
        while (seen != 0) {
            Entry next = next(0);
            while (next != null) {
                Lane.Verdict verdict = lane.hand(next);
                if (verdict != Lane.Verdict.TAKEN) {
                    giveBack(next, verdict);
                }
                next = next(1);
            }
            seen = handing.addAndGet(-seen);
        }
    }

    /** The next that leaves, after so many have been handed over. */
    private @Nullable Entry next(int handed) {
        lock.lock();
        try {
            unhanded -= handed;
            if (openMessages > 0 && isIdle()) {
                close();
            }
            leaving = closed.poll();
            return leaving;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Entry refused, Lane.Verdict verdict) {
        List<Send> sends = new ArrayList<>();
        lock.lock();
        try {
            givingBack = true;
            addSends(refused, sends);
            unhanded -= closed.size();
            takeAll(sends);
        } finally {
            lock.unlock();
        }
        scheduler.execute(() -> {
            lane.givenBack(sends, verdict);
            lock.lock();
            try {
                givingBack = false;
            } finally {
                lock.unlock();
            }
        });
    }

    /** Takes out all that has not been handed over, in order. */
    List<Send> takeAll() {
        List<Send> sends = new ArrayList<>();
        lock.lock();
        try {
            unhanded -= closed.size();
            takeAll(sends);
        } finally {
            lock.unlock();
        }
        return sends;
    }

    private void takeAll(List<Send> into) {
        closed.forEach(entry -> addSends(entry, into));
        closed.clear();
        openBatches().forEach(batch -> into.addAll(batch.sends()));
        open = null;
        openByKey.clear();
        openMessages = 0;
        openBytes = 0;
    }

    private static void addSends(Entry entry, List<Send> into) {
        if (entry instanceof Batch batch) {
            into.addAll(batch.sends());
        } else {
            into.add((Send) entry);
        }
    }

    private Collection<Batch> openBatches() {
        Batch single = open;
        return single == null ? openByKey.values() : List.of(single);
    }

    /** Keeps the buffer of an entry that is stored, to be used again. Never waits. */
    void recycle(Entry stored) {
        if (stored instanceof Batch batch && lock.tryLock()) {
            try {
                keep(batch.buffer());
            } finally {
                lock.unlock();
            }
        }
    }

    /** How many times entries have been closed: messages that see the same number may share an entry. */
    long generation() {
        return generation.get();
    }

    /** Adds the futures of all that has not been handed over, or is being handed over now. */
    void unanswered(List<CompletableFuture<MessageId>> into) {
        lock.lock();
        try {
            if (leaving != null) {
                leaving.unanswered(into);
            }
            closed.forEach(entry -> entry.unanswered(into));
            openBatches().forEach(batch -> batch.unanswered(into));
        } finally {
            lock.unlock();
        }
    }
}
