package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EncodedBatch;
import dev.vela.internal.pulsar.EncodedEntry;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/** Messages that share an entry. Filled under the batcher's lock; does not change once it is closed. */
final class BatchEntry extends Entry {
    /*
     * Work per message on the client's I/O thread would delay all of, say, 1000 messages, so only the rare message that
     * a thread waits for causes any. Room is given back in one sum, and answers are settled on delivery: up to 64
     * before the first of them is given. So a settled message may lack its answer until the callbacks of the messages
     * before it return.
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
    private long deadline; // the earliest one; after closing guarded by the hand-over's lock
    private boolean allExpired; // guarded by the hand-over's lock

    private volatile int released;
    private volatile boolean answersQueued;
    private @Nullable MessageId receipt; // published by the completion queue
    private @Nullable Throwable failure; // published by the completion queue
    private @Nullable LaneCounters counters; // published by the completion queue
    private final Answers answers = new Answers(); // created early: when it is due, memory may be exhausted

    /**
     * Creates an empty batch.
     *
     * @param first the message that will be added first
     * @param expectedBytes the expected size of the entry; it may become larger
     * @param expected the expected number of messages; there may be more
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

    /** The capacity of its buffer in bytes, used or not. */
    int capacity() {
        return encoded.buffer().capacity();
    }

    /** Moves it to a buffer of its size, if it uses less than half of its buffer: it may wait long for its receipt. */
    void fit() {
        if (encoded.length() < capacity() / 2) {
            try {
                buffers.keep(encoded.moveTo(buffers.takeFitting(encoded.length())));
            } catch (OutOfMemoryError e) { // it can stay where it is
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

    /** The current size of the entry in bytes. */
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
        return allExpired || answersQueued;
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
        allExpired = !open;
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
                    counting.answered(1, send.size(), counting.nanosSince(acceptedAt), receipt, failure, completions);
                    Generation counted = generation(send);
                    counted.failed(failure); // before: the call wakes the waiting thread
                    send.answer(idAt(i), failure, counted);
                    counted.completed(1);
                }
            }
        }
        completions.deliver(answers);
        answersQueued = true;
    }

    /** Never null here: a message drops its generation only when the answers are delivered. */
    private static Generation generation(Send send) {
        return Objects.requireNonNull(send.generation());
    }

    private @Nullable MessageId idAt(int index) {
        return receipt == null ? null : EncodedBatch.idAt(receipt, index, messages());
    }

    /** Delivers, in their turn, the answers to all messages that have none. */
    private final class Answers extends Completions.Delivery {
        @Override
        int answers() {
            return messages();
        }

        /**
         * Answers the messages, and counts them in their generations: one count for consecutive messages of a
         * generation.
         */
        @Override
        void deliver() {
            Generation generation = generation(sends[0]);
            long nanos = counters == null ? 0 : counters.nanosSince(acceptedAt); // before any callback
            int answered = 0;
            int ofGeneration = 0;
            long answeredBytes = bytes; // less the few answered before: the messages are in no cache
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
                counters.answered(answered, answeredBytes, nanos, receipt, failure, null);
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
     * Settles up to 64 messages. Returns the messages that had not been settled, as bits at their index modulo 64.
     * Settling is separate from answering, since each answer is a compare-and-set: between two of these the processor
     * loads one message at a time from memory, and without them several at a time.
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
