package dev.vela.internal.lane;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Room that was taken for messages yet to come, so that not each of them has to ask two budgets and a ledger.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class Credit {
    /*
     * It is taken in chunks that double, so a lone message takes no more than it needs, and of a thousand few have to ask.
     * What it holds counts as pending, so budgets stay hard caps; and it holds little of a small one.
     */
    private static final int LARGEST_CHUNK = 64;
    private static final int SHARE = 16;

    private final Admission admission;
    private final int largestChunk;
    private int chunk = 1;
    private int messages;
    private long bytes;
    private @Nullable OpenSends ledger; // where as many are open as there is room for

    Credit(Admission admission) {
        this.admission = admission;
        this.largestChunk = (int) Math.max(1, Math.min(LARGEST_CHUNK, admission.maxMessages() / SHARE));
    }

    /**
     * Lets a message in, and opens it in its ledger, if there is room for it now. Where this returns false, nothing has
     * changed for the message, but there may be more to give back.
     */
    boolean tryTake(Send send) {
        OpenSends its = Objects.requireNonNull(send.ledger());
        int size = send.size();
        if (messages > 0 && ledger != its) {
            return false;
        }
        if ((messages == 0 || bytes < size) && !takeMore(its, size)) {
            return false;
        }
        if (!its.isTaking()) {
            return false;
        }
        messages--;
        bytes -= size;
        send.admitted(admission);
        return true;
    }

    private boolean takeMore(OpenSends its, int size) {
        long fitting = Math.max(1, admission.maxBytes() / SHARE / Math.max(1, size));
        int wanted = (int) Math.min(chunk, fitting);
        if (!admission.tryReserve(wanted, (long) wanted * size)) {
            if (wanted == 1 || !admission.tryReserve(1, size)) {
                return false;
            }
            wanted = 1;
        }
        its.opened(wanted);
        ledger = its;
        messages += wanted;
        bytes += (long) wanted * size;
        chunk = Math.min(largestChunk, 2 * chunk);
        return true;
    }

    boolean isEmpty() {
        return messages == 0 && bytes == 0;
    }

    int messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    /** Gives back what is left. Calls out: nobody may hold a lock, nor use it any more. */
    void giveBack() {
        admission.release(messages, bytes);
        if (ledger != null) {
            ledger.answered(messages);
        }
    }
}
