package dev.vela.internal.pulsar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * An official producer that remembers what it was given, and answers when the test says so. Thread-safe.
 *
 * <p>Unless told otherwise it is connected, keeps what it is given pending, and closes at once, failing what is
 * pending.
 */
public final class ScriptedPublisher implements EntryPublisher {

    /** One entry that it took. */
    public record Entry(EncodedEntry outgoing, long sequenceId, CompletableFuture<MessageId> answer) {}

    private final long lastSequenceId;
    private final List<Entry> entries = new ArrayList<>(); // this and all below: guarded by this
    private final Deque<CompletableFuture<MessageId>> script = new ArrayDeque<>();
    private final Deque<Runnable> thrown = new ArrayDeque<>();
    private boolean acknowledgesAtOnce;
    private long topicEpoch = -1;
    private int maxBatchBytes = Integer.MAX_VALUE;
    private boolean connected = true;
    private boolean holdsClose;
    private long lastDisconnected;
    private int attempts;
    private int probes;
    private @Nullable Error throwsBefore;
    private @Nullable Error throwsAtLimit;
    private int untilItThrows;
    private @Nullable Throwable refusal;
    private @Nullable Throwable terminalCause;
    private @Nullable CompletableFuture<Void> closed;

    public ScriptedPublisher() {
        this(-1);
    }

    /** One whose name the broker knew already. */
    public ScriptedPublisher(long lastSequenceId) {
        this.lastSequenceId = lastSequenceId;
    }

    // ---- what it is to do

    /** Completes each receipt before it returns it. */
    public synchronized ScriptedPublisher acknowledgingAtOnce() {
        acknowledgesAtOnce = true;
        return this;
    }

    /** Refuses the next entry with this. */
    public synchronized ScriptedPublisher failingNext(Throwable failure) {
        return queueingAndFailingNext(new Refusal(failure));
    }

    /** Has the next entry in its queue, and fails it with this before it returns. */
    public synchronized ScriptedPublisher queueingAndFailingNext(Throwable failure) {
        script.add(CompletableFuture.failedFuture(failure));
        return this;
    }

    /** Throws this when it is given the next entry. */
    public synchronized ScriptedPublisher throwingNext(RuntimeException failure) {
        thrown.add(() -> {
            throw failure;
        });
        return this;
    }

    /** Throws this when it is given the next entry. */
    public synchronized ScriptedPublisher throwingNext(Error failure) {
        thrown.add(() -> {
            throw failure;
        });
        return this;
    }

    /** Throws this where it is looked at next, before it is given an entry. */
    public synchronized ScriptedPublisher throwingBeforeNext(Error failure) {
        throwsBefore = failure;
        return this;
    }

    /** Throws this when it is asked how large a batch may be, the given time, from now on. */
    public synchronized ScriptedPublisher throwingWhenAskedForItsLimit(int time, Error failure) {
        untilItThrows = time;
        throwsAtLimit = failure;
        return this;
    }

    /** Refuses every entry from now on, as if its state were final or its memory full; null takes entries again. */
    public synchronized ScriptedPublisher refusing(@Nullable Throwable failure) {
        refusal = failure;
        return this;
    }

    /** Ends it for good: it is not connected, refuses every entry, and says why when asked. */
    public synchronized ScriptedPublisher ended(Throwable cause) {
        connected = false;
        terminalCause = cause;
        return refusing(cause);
    }

    /** Makes it say which epoch its topic had when it got access. */
    public synchronized ScriptedPublisher topicEpoch(long epoch) {
        topicEpoch = epoch;
        return this;
    }

    /** Makes it say how large a batch may be. */
    public synchronized ScriptedPublisher maxBatchBytes(int bytes) {
        maxBatchBytes = bytes;
        return this;
    }

    /** Makes it say whether it is connected. */
    public synchronized ScriptedPublisher connected(boolean is) {
        connected = is;
        return this;
    }

    /** Makes it say when it lost its connection. */
    public synchronized ScriptedPublisher lastDisconnected(long at) {
        lastDisconnected = at;
        return this;
    }

    /** Leaves a close pending until {@link #finishClose()}. */
    public synchronized ScriptedPublisher holdingClose() {
        holdsClose = true;
        return this;
    }

    /** Answers the entry taken at this place. */
    public void acknowledge(int index) {
        Entry entry = entry(index);
        entry.answer.complete(Messages.receipt(entry.sequenceId));
    }

    /** Answers all that is pending, in order. */
    public void acknowledgeAll() {
        for (Entry entry : entries()) {
            entry.answer.complete(Messages.receipt(entry.sequenceId));
        }
    }

    /** Keeps nothing of what it took, as a client does once all has been answered. */
    public synchronized void forgetAll() {
        entries.clear();
    }

    /** Fails the entry taken at this place. */
    public void fail(int index, Throwable failure) {
        entry(index).answer.completeExceptionally(failure);
    }

    /** Answers the close. */
    public void finishClose() {
        CompletableFuture<Void> pending;
        synchronized (this) {
            pending = closed;
        }
        if (pending == null) {
            throw new IllegalStateException("was not closed");
        }
        pending.complete(null);
    }

    // ---- what it saw

    /** The entries that it took, in order: not those refused or failed before it returned. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    private synchronized Entry entry(int index) {
        return entries.get(index);
    }

    /** Their sequence ids. */
    public List<Long> sequenceIds() {
        return entries().stream().map(Entry::sequenceId).toList();
    }

    /** How often it was given an entry, taken or not. */
    public synchronized int attempts() {
        return attempts;
    }

    /** How often it was asked for its terminal cause. */
    public synchronized int probes() {
        return probes;
    }

    public synchronized boolean isClosed() {
        return closed != null;
    }

    // ---- what a lane asks of it

    @Override
    public synchronized CompletableFuture<MessageId> publish(EncodedEntry outgoing, long sequenceId) {
        attempts++;
        Runnable toThrow = thrown.poll();
        if (toThrow != null) {
            toThrow.run();
        }
        CompletableFuture<MessageId> scripted = script.poll();
        if (scripted != null) {
            return scripted;
        }
        if (refusal != null) {
            return CompletableFuture.failedFuture(new Refusal(refusal));
        }
        CompletableFuture<MessageId> answer = acknowledgesAtOnce
                ? CompletableFuture.completedFuture(Messages.receipt(sequenceId))
                : new CompletableFuture<>();
        entries.add(new Entry(outgoing, sequenceId, answer));
        return answer;
    }

    @Override
    public synchronized int maxBatchBytes() {
        Error failure = throwsAtLimit;
        if (failure != null && --untilItThrows == 0) {
            throwsAtLimit = null;
            throw failure;
        }
        return maxBatchBytes;
    }

    @Override
    public synchronized long topicEpoch() {
        return topicEpoch;
    }

    @Override
    public synchronized boolean isConnected() {
        return connected;
    }

    @Override
    public synchronized @Nullable Throwable terminalCause() {
        probes++;
        return terminalCause;
    }

    @Override
    public long lastSequenceId() {
        return lastSequenceId;
    }

    @Override
    public synchronized long lastDisconnected() {
        Error failure = throwsBefore;
        if (failure != null) {
            throwsBefore = null;
            throw failure;
        }
        return lastDisconnected;
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        CompletableFuture<Void> result;
        List<Entry> pending;
        synchronized (this) {
            if (closed != null) {
                return closed;
            }
            result = new CompletableFuture<>();
            closed = result;
            connected = false;
            refusal = new PulsarClientException.AlreadyClosedException("closed");
            pending = List.copyOf(entries);
        }
        for (Entry entry : pending) {
            entry.answer.completeExceptionally(new PulsarClientException.AlreadyClosedException("closed"));
        }
        synchronized (this) {
            if (!holdsClose) {
                result.complete(null);
            }
        }
        return result;
    }
}
