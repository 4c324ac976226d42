package dev.vela.internal.lane;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Room that was taken, and counts that were made, for messages that are yet to come, so that not each of them has to ask two
 * budgets and a generation.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class Credit {
    /*
     * It is taken in chunks that double, so a lone message takes no more than it needs, and few of a thousand have to ask.
     * It counts as pending, so budgets stay hard caps; and it holds little of a small one.
     */
    private static final int LARGEST_CHUNK = 64;
    private static final int SHARE = 16;

    private final Admission admission;
    private final int largestChunk;
    private int chunk = 1;
    private int messages;
    private long bytes;
    private @Nullable Generation generation; // where the messages are counted

    Credit(Admission admission) {
        this.admission = admission;
        this.largestChunk = (int) Math.max(1, Math.min(LARGEST_CHUNK, admission.maxMessages() / SHARE));
    }

    /**
     * Admits a message and counts it as accepted, if there is room for it now. Otherwise nothing has changed for the message,
     * but there may be more to give back.
     *
     * @param isOneOfMany whether other partitions could take it, too
     */
    boolean tryAdmit(Send send, boolean isOneOfMany) {
        OpenSends its = send.uncounted();
        int size = send.size();
        if (its == null || !hasRoomFor(size, its)) {
            return send.tryEnter(admission, isOneOfMany);
        }
        if (!its.isTaking()) {
            return false;
        }
        messages--;
        bytes -= size;
        send.admitted(admission);
        send.countedIn(Objects.requireNonNull(generation));
        return true;
    }

    private boolean hasRoomFor(int size, OpenSends its) {
        Generation present = generation;
        if (messages > 0 && present != null && !present.isOf(its)) {
            return false;
        }
        return (messages > 0 && bytes >= size) || takesMore(size, its);
    }

    private boolean takesMore(int size, OpenSends its) {
        long fitting = Math.max(1, admission.maxBytes() / SHARE / Math.max(1, size));
        int wanted = (int) Math.min(chunk, fitting);
        if (!admission.tryReserve(wanted, (long) wanted * size)) {
            if (wanted == 1 || !admission.tryReserve(1, size)) {
                return false;
            }
            wanted = 1;
        }
        Generation counted = its.accept(wanted);
        if (counted == null
                || (messages > 0 && counted != generation)) { // intake ended, or a flush will take what is left
            admission.takeBack(wanted, (long) wanted * size);
            if (counted != null) {
                counted.completed(wanted);
            }
            return false;
        }
        generation = counted;
        messages += wanted;
        bytes += (long) wanted * size;
        chunk = Math.min(largestChunk, 2 * chunk);
        return true;
    }

    boolean isEmpty() {
        return messages == 0 && bytes == 0;
    }

    /** What is left of it. */
    Reserve unspent() {
        return new Reserve(messages, bytes);
    }

    /** Gives back what is left. Wakes waiting threads: no lock may be held, and nothing may use this any more. */
    void giveBack() {
        try {
            admission.release(messages, bytes);
        } finally {
            if (generation != null) {
                generation.completed(messages);
            }
        }
    }
}
