package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EncodedBatch;
import dev.vela.internal.pulsar.EncodedEntry;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/** Messages that share an entry. Filled under the lock of its batcher; not changed any more once it is closed. */
final class BatchEntry extends Entry {
    /*
     * What is done for each message on the client's I/O thread is what 1000 messages wait for, so there is nothing of
     * the kind, but for the rare message that a thread waits for. Room is given back in one sum, and the answers are
     * settled where they are delivered: up to 64 before the first of them is given, so one that is settled may still be
     * without its answer for as long as the callbacks of those before it take.
     */
    private static final AtomicIntegerFieldUpdater<BatchEntry> RELEASED =
            AtomicIntegerFieldUpdater.newUpdater(BatchEntry.class, "released");

    private final EncodedBatch outgoing;
    private final Buffers buffers;
    private final Admission admission;
    private final long acceptedAt;
    private Send[] sends;
    private int bytes;
    private boolean isWaitedFor;
    private boolean holdsSlots;
    private long deadline; // of the earliest; after closing guarded by the lane's lock
    private boolean answered; // guarded by the lane's lock

    private volatile int released;
    private volatile boolean handedOver;
    private @Nullable MessageId receipt; // published by the completion queue
    private @Nullable Throwable failure; // published by the completion queue
    private @Nullable LaneCounters counters; // published by the completion queue

    /**
     * An empty batch.
     *
     * @param first the message that will be added first
     * @param expectedBytes how long the entry may become; longer is well
     * @param expected how many messages there may be; more are well
     */
    BatchEntry(LaneContext settings, Send first, int expectedBytes, int expected) {
        this.buffers = settings.buffers();
        this.outgoing = new EncodedBatch(settings.schema(), first.message(), buffers.take(expectedBytes));
        this.admission = settings.admission();
        this.acceptedAt = first.acceptedAt();
        this.deadline = first.deadline();
        this.sends = new Send[expected];
    }

    void add(Send send) {
        int index = outgoing.count();
        if (index == sends.length) {
            sends = Arrays.copyOf(sends, 2 * index);
        }
        sends[index] = send;
        int end = outgoing.length() + send.message().framedBytes();
        if (end > outgoing.buffer().capacity()) {
            buffers.keep(outgoing.moveTo(buffers.take(end)));
        }
        outgoing.add(send.message());
        bytes += send.size();
        isWaitedFor |= send.isWaitedFor();
        holdsSlots |= send.holdsSlot();
        long its = send.deadline();
        if (its - deadline < 0) {
            deadline = its;
        }
    }

    /** Bytes that it holds, used or not. */
    int capacity() {
        return outgoing.buffer().capacity();
    }

    /** Moves it to a buffer of its size, if that is less than half of what it has: it may wait long for its receipt. */
    void fit() {
        if (outgoing.length() < capacity() / 2) {
            try {
                buffers.keep(outgoing.moveTo(buffers.takeFitting(outgoing.length())));
            } catch (OutOfMemoryError e) { // it may as well stay where it is
                return;
            }
        }
    }

    Send first() {
        return sends[0];
    }

    List<Send> sends() {
        return Arrays.asList(sends).subList(0, messages());
    }

    /** Bytes of the entry so far. */
    int length() {
        return outgoing.length();
    }

    @Override
    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    void recycle() {
        buffers.keep(outgoing.buffer());
    }

    @Override
    EncodedEntry outgoing() {
        return outgoing;
    }

    @Override
    int messages() {
        return outgoing.count();
    }

    @Override
    void addSends(List<Send> into) {
        into.addAll(sends());
    }

    @Override
    long acceptedAt() {
        return acceptedAt;
    }

    @Override
    long deadline() {
        return deadline;
    }

    @Override
    boolean isAnswered() {
        return answered || handedOver;
    }

    @Override
    void expire(long now, List<Send> into) {
        boolean open = false;
        long earliest = 0;
        for (Send send : sends()) {
            if (send.isAnswerQueued()) {
                continue;
            }
            if (send.deadline() - now <= 0) {
                into.add(send);
            } else if (!open || send.deadline() - earliest < 0) {
                open = true;
                earliest = send.deadline();
            }
        }
        deadline = earliest;
        answered = !open;
    }

    @Override
    boolean isDone() {
        return handedOver && isReleased();
    }

    @Override
    boolean isReleased() {
        return released != 0;
    }

    @Override
    boolean release() {
        if (!RELEASED.compareAndSet(this, 0, 1)) {
            return false;
        }
        if (holdsSlots) {
            sends().forEach(Send::releaseSlot);
        }
        admission.release(messages(), bytes);
        return true;
    }

    @Override
    void acknowledge(MessageId entry, Completions completions, LaneCounters counting) {
        receipt = entry;
        answer(completions, counting);
    }

    @Override
    void fail(Throwable cause, Completions completions, LaneCounters counting) {
        failure = cause;
        answer(completions, counting);
    }

    private void answer(Completions completions, LaneCounters counting) {
        counters = counting;
        if (isWaitedFor) {
            for (int i = 0; i < messages(); i++) {
                Send send = sends[i];
                if (send.isWaitedFor() && send.settle()) {
                    if (failure != null) {
                        completions.failing(failure);
                    }
                    counting.answered(1, send.size(), failure == null);
                    send.answer(idAt(i), failure);
                    ledger(send).answered(1);
                }
            }
        }
        completions.deliver(this);
        handedOver = true;
    }

    /** They forget it when this is delivered, and not before. */
    private static OpenSends ledger(Send send) {
        return Objects.requireNonNull(send.ledger());
    }

    private @Nullable MessageId idAt(int index) {
        return receipt == null ? null : EncodedBatch.idAt(receipt, index, messages());
    }

    /** Answers what has no answer, and counts it where it belongs: all of it at once, as long as it is one ledger's. */
    @Override
    void deliver() {
        OpenSends ledger = ledger(sends[0]);
        int answered = 0;
        int ofLedger = 0;
        long answeredBytes = bytes; // less those of the few that were answered before: the messages are in no cache
        for (int from = 0; from < messages(); from += Long.SIZE) {
            int to = Math.min(messages(), from + Long.SIZE);
            long settled = settle(from, to);
            for (int i = from; i < to; i++) {
                Send send = sends[i];
                if ((settled & (1L << i)) == 0) {
                    answeredBytes -= send.size();
                    send.forget();
                    continue;
                }
                if (!send.isOf(ledger)) {
                    ledger.answered(ofLedger);
                    ledger = ledger(send);
                    ofLedger = 0;
                }
                send.answer(idAt(i), failure);
                send.forget();
                ofLedger++;
                answered++;
            }
        }
        if (counters != null) {
            counters.answered(answered, answeredBytes, failure == null);
        }
        ledger.answered(ofLedger);
    }

    /**
     * Settles up to 64 messages, and says which of them nobody had: the bit of an index, modulo 64. Apart from their answers,
     * each of which is a compare-and-set: the processor looks for one message after the other in memory between two of those,
     * and for several at a time without them.
     */
    private long settle(int from, int to) {
        long settled = 0;
        for (int i = from; i < to; i++) {
            if (sends[i].settle()) {
                settled |= 1L << i;
            }
        }
        return settled;
    }

    @Override
    void unanswered(List<Send> into) {
        for (Send send : sends()) {
            if (!send.isTold()) {
                into.add(send);
            }
        }
    }
}
