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

    private final EncodedBatch encoded;
    private final Buffers buffers;
    private final Admission admission;
    private final long acceptedAt;
    private Send[] sends;
    private int bytes;
    private boolean isWaitedFor;
    private boolean holdsStripes;
    private long deadline; // of the earliest; after closing guarded by the hand-over's lock
    private boolean answered; // guarded by the hand-over's lock

    private volatile int released;
    private volatile boolean answersQueued;
    private @Nullable MessageId receipt; // published by the completion queue
    private @Nullable Throwable failure; // published by the completion queue
    private @Nullable LaneCounters counters; // published by the completion queue
    private final Answers answers = new Answers(); // made in time: once it is due, there may be no memory

    /**
     * An empty batch.
     *
     * @param first the message that will be added first
     * @param expectedBytes how long the entry may become; longer is well
     * @param expected how many messages there may be; more are well
     */
    BatchEntry(LaneContext context, Send first, int expectedBytes, int expected) {
        this.buffers = context.buffers();
        this.encoded = new EncodedBatch(context.schema(), first.message(), buffers.take(expectedBytes));
        this.admission = context.admission();
        this.acceptedAt = first.acceptedAt();
        this.deadline = first.deadline();
        this.sends = new Send[expected];
    }

    void add(Send send) {
        int index = encoded.count();
        if (index == sends.length) {
            sends = Arrays.copyOf(sends, 2 * index);
        }
        sends[index] = send;
        int end = encoded.length() + send.message().framedBytes();
        if (end > encoded.buffer().capacity()) {
            buffers.keep(encoded.moveTo(buffers.take(end)));
        }
        encoded.add(send.message());
        bytes += send.size();
        isWaitedFor |= send.isWaitedFor();
        holdsStripes |= send.holdsStripe();
        long its = send.deadline();
        if (its - deadline < 0) {
            deadline = its;
        }
    }

    /** Bytes that it holds, used or not. */
    int capacity() {
        return encoded.buffer().capacity();
    }

    /** Moves it to a buffer of its size, if that is less than half of what it has: it may wait long for its receipt. */
    void fit() {
        if (encoded.length() < capacity() / 2) {
            try {
                buffers.keep(encoded.moveTo(buffers.takeFitting(encoded.length())));
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
        return encoded.length();
    }

    @Override
    void recycle() {
        buffers.keep(encoded.buffer());
    }

    @Override
    EncodedEntry encoded() {
        return encoded;
    }

    @Override
    int messages() {
        return encoded.count();
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
    public long deadline() {
        return deadline;
    }

    @Override
    public boolean isAnswered() {
        return answered || answersQueued;
    }

    @Override
    public void expire(long now, List<Send> into) {
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
        return answersQueued && isReleased();
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
        if (holdsStripes) {
            sends().forEach(Send::releaseStripe);
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
                    counting.answered(1, send.size(), failure == null);
                    Generation counted = generation(send);
                    counted.failed(failure); // before: the thread that waits is told within the call
                    send.answer(idAt(i), failure, counted);
                    counted.completed(1);
                }
            }
        }
        completions.deliver(answers);
        answersQueued = true;
    }

    /** They forget it when the answers are delivered, and not before. */
    private static Generation generation(Send send) {
        return Objects.requireNonNull(send.generation());
    }

    private @Nullable MessageId idAt(int index) {
        return receipt == null ? null : EncodedBatch.idAt(receipt, index, messages());
    }

    /** The answers to all that has none, in their turn. */
    private final class Answers extends Completions.Delivery {
        @Override
        int answers() {
            return messages();
        }

        /** Answers the messages, and counts them where they belong: all at once, as long as it is one generation. */
        @Override
        void deliver() {
            Generation generation = generation(sends[0]);
            int answered = 0;
            int ofGeneration = 0;
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
                    Generation its = generation(send);
                    if (its != generation) {
                        complete(generation, ofGeneration);
                        generation = its;
                        ofGeneration = 0;
                    }
                    send.answer(idAt(i), failure, its);
                    send.forget();
                    ofGeneration++;
                    answered++;
                }
            }
            if (counters != null) {
                counters.answered(answered, answeredBytes, failure == null);
            }
            complete(generation, ofGeneration);
        }
    }

    private void complete(Generation generation, int messages) {
        if (messages > 0) {
            generation.failed(failure);
            generation.completed(messages);
        }
    }

    /**
     * Settles up to 64 messages. Returns which of them had not been settled: the bit of an index, modulo 64. Apart from their
     * answers, each of which is a compare-and-set: the processor looks for one message after the other in memory between two of
     * those, and for several at a time without them.
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
}
