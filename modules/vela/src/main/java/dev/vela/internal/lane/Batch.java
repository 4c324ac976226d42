package dev.vela.internal.lane;

import dev.vela.internal.pulsar.OutgoingBatch;
import dev.vela.internal.pulsar.OutgoingEntry;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/** Messages that share an entry. Filled under the lock of its batcher; not changed any more once it is closed. */
final class Batch extends Entry {
    /*
     * What is done for each message on the client's I/O thread is what 1000 messages wait for, so there is nothing of
     * the kind, but for the rare message that a thread waits for. Room is given back in one sum, and the answers are
     * settled one by one where they are delivered.
     */
    private static final AtomicIntegerFieldUpdater<Batch> RELEASED =
            AtomicIntegerFieldUpdater.newUpdater(Batch.class, "released");

    private final OutgoingBatch outgoing;
    private Send[] sends = new Send[8];
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

    Batch(Schema<?> schema, Send first, byte[] buffer) {
        outgoing = new OutgoingBatch(schema, first.message(), buffer);
        deadline = first.deadline();
    }

    void add(Send send) {
        int index = outgoing.count();
        if (index == sends.length) {
            sends = Arrays.copyOf(sends, 2 * index);
        }
        sends[index] = send;
        outgoing.add(send.message());
        bytes += send.message().sizeInBytes();
        isWaitedFor |= send.isWaitedFor();
        holdsSlots |= send.holdsSlot();
        if (send.deadline() - deadline < 0) {
            deadline = send.deadline();
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

    byte[] buffer() {
        return outgoing.buffer();
    }

    @Override
    OutgoingEntry outgoing() {
        return outgoing;
    }

    @Override
    int messages() {
        return outgoing.count();
    }

    @Override
    long acceptedAt() {
        return sends[0].acceptedAt();
    }

    @Override
    long deadline() {
        return deadline;
    }

    @Override
    boolean isAnswered() {
        return answered;
    }

    @Override
    void expire(long now, List<Send> into) {
        boolean open = false;
        long earliest = 0;
        for (Send send : sends()) {
            if (send.isAnswered()) {
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
        return handedOver && released != 0;
    }

    @Override
    boolean release() {
        if (!RELEASED.compareAndSet(this, 0, 1)) {
            return false;
        }
        if (holdsSlots) {
            sends().forEach(Send::releaseSlot);
        }
        Admission admission = sends[0].admission();
        if (admission != null) {
            admission.release(messages(), bytes);
        }
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
                if (send.isWaitedFor() && settle(i)) {
                    counting.answered(1, send.message().sizeInBytes(), failure == null);
                    send.deliver();
                }
            }
        }
        completions.deliver(this);
        handedOver = true;
    }

    private boolean settle(int index) {
        MessageId id = receipt == null ? null : OutgoingBatch.idAt(receipt, index, messages());
        return sends[index].settle(id, failure);
    }

    /** Answers what has no answer, and counts it where it belongs: all of it at once, as long as it is one ledger's. */
    @Override
    void deliver() {
        Ledger ledger = sends[0].ledger();
        int answered = 0;
        int ofLedger = 0;
        long answeredBytes = 0;
        for (int i = 0; i < messages(); i++) {
            if (settle(i)) {
                Send send = sends[i];
                if (send.ledger() != ledger) {
                    ledger.answered(ofLedger);
                    ledger = send.ledger();
                    ofLedger = 0;
                }
                send.complete();
                ofLedger++;
                answered++;
                answeredBytes += send.message().sizeInBytes();
            }
        }
        if (counters != null) {
            counters.answered(answered, answeredBytes, failure == null);
        }
        ledger.answered(ofLedger);
    }

    @Override
    void unanswered(List<CompletableFuture<MessageId>> into) {
        sends().forEach(send -> send.unanswered(into));
    }
}
