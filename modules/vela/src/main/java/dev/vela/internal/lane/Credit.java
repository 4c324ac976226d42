package dev.vela.internal.lane;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Room and counts taken in advance for future messages, so that not every message has to ask two budgets and a
 * generation.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class Credit {
    /*
     * Credit is taken in chunks that double, so a single message takes no more than it needs, and few of a thousand
     * messages have to ask. Credit counts as pending, so budgets stay hard caps. It holds only a small part of a small
     * budget.
     */
    private static final int LARGEST_CHUNK = 64;
    private static final int SHARE = 16;

    private final Admission admission;
    private final int largestChunk;
    private int chunk = 1;
    private int messages;
    private long bytes;
    private @Nullable Generation generation; // counts the messages

    Credit(Admission admission) {
        this.admission = admission;
        this.largestChunk = (int) Math.max(1, Math.min(LARGEST_CHUNK, admission.maxMessages() / SHARE));
    }

    /**
     * Admits a message and counts it as accepted, if it finds room now. Otherwise nothing has changed for the message,
     * but there may be more credit to give back.
     *
     * @param isOneOfMany whether other partitions could take it, too
     */
    boolean tryAdmit(Send send, boolean isOneOfMany) {
        OpenSends its = send.uncounted();
        int size = send.size();
        if (its == null || !hasRoomFor(size, its)) {
            return send.tryAdmit(admission, isOneOfMany);
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
        if (counted == null || (messages > 0 && counted != generation)) { // intake ended, or a flush will take the rest
            admission.undo(wanted, (long) wanted * size);
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

    /** The unspent credit. */
    Reserve unspent() {
        return new Reserve(messages, bytes);
    }

    /**
     * Gives back unspent credit. Wakes waiting threads, so the caller must hold no lock. This object must not be used
     * afterwards.
     */
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
