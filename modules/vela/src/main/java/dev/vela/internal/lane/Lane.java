package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EntryPublisher;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The way into one official producer, and into its successors under the same name.
 *
 * <p>Thread-safe. {@link #offer} may be called by any number of threads; {@link #attach} and {@link #detach} by the
 * control thread.
 */
public final class Lane {
    private final String name;
    private final LaneContext context;
    private final Handover handover;
    private final @Nullable Batcher batcher;

    /**
     * Creates a lane without a producer.
     *
     * @param name the producer's name
     */
    public Lane(String name, LaneContext context, LaneListener listener) {
        this.name = name;
        this.context = context;
        this.handover = new Handover(name, context, listener, this::progressed);
        this.batcher = context.batching() == null ? null : new Batcher(name, context.batching(), context, handover);
    }

    private void progressed(boolean mayCallOut) {
        if (batcher == null) {
            return;
        }
        if (mayCallOut) {
            batcher.progressed();
        } else {
            context.scheduler().execute(batcher::progressed);
        }
    }

    public String name() {
        return name;
    }

    // ---- messages

    /**
     * Takes a message, and room for it if it holds none; hands it to the producer, at once or with others. Otherwise the message
     * may hold room here, but nothing else has changed.
     */
    public OfferResult offer(Send send) {
        if (!handover.isLive()) {
            return OfferResult.DOWN;
        }
        return batcher == null ? offerAlone(send) : batcher.offer(send);
    }

    private OfferResult offerAlone(Send send) {
        WaitingQueue queue = context.queue();
        if (queue.isBefore(send)) {
            return OfferResult.FULL;
        }
        SingleEntry entry = new SingleEntry(send); // before it holds anything: there may be no memory
        return send.tryEnter(context.admission(), queue.isOneOfMany(send)) ? handover.hand(entry) : OfferResult.NO_ROOM;
    }

    /** Sends all partly filled entries now. */
    public void flush() {
        if (batcher != null) {
            batcher.flush();
        }
    }

    // ---- producers

    /**
     * Gives the lane a producer. It first gets what a dead one left, if that was kept, and then what is new.
     *
     * @param whenLive run as soon as it takes what is new: before this returns, or on the control thread
     */
    public void attach(EntryPublisher fresh, Runnable whenLive) {
        handover.attach(fresh, whenLive);
    }

    /** Hands nothing new to the producer. What was handed to it is still answered by its receipts. */
    public void endIntake() {
        flush();
        handover.endIntake();
    }

    /**
     * Takes a dead producer away that will have a successor. What was handed to it is kept for that one, or answered, as
     * the policy has it; what was not is given back.
     *
     * @param why what is told with each answer
     */
    public void suspend(String why, Throwable cause) {
        if (!context.replays()) {
            detach(why, cause);
            return;
        }
        handover.suspend();
        returnUnsent();
    }

    /**
     * Takes the producer away for good, answers everything that was handed to it or to one before it (it left, and no
     * receipt came), and gives back what was not.
     *
     * @param why what is told with each answer
     */
    public void detach(String why, @Nullable Throwable cause) {
        handover.detach(why, cause);
        returnUnsent();
    }

    private void returnUnsent() {
        if (batcher != null) {
            batcher.returnAll();
        }
    }

    // ---- looking

    /** Whether a producer is attached, connected or not. */
    public boolean isLive() {
        return handover.isLive();
    }

    /** Whether a message would probably leave now: connected, and receipts are coming. */
    public boolean isHealthy() {
        return handover.isHealthy();
    }

    /**
     * Whether the client seems to have forgotten an entry: nothing was heard of any for so long, and the oldest in flight
     * timed out, or would be sent again.
     */
    public boolean isStuck(Duration limit) {
        return handover.isStuck(limit);
    }

    /** Whether the attached producer is connected. */
    public boolean isConnected() {
        return handover.isConnected();
    }

    /** Messages handed over whose fate the client has not told. */
    public int inFlight() {
        return handover.inFlight();
    }

    /** How often what was open has been closed; 0 without batching. Messages that see the same number may share an entry. */
    public long timesClosed() {
        return batcher == null ? 0 : batcher.timesClosed();
    }

    /** Room taken for messages yet to come, which counts as pending. */
    public Reserve reserve() {
        return batcher == null ? Reserve.NONE : batcher.reserve();
    }

    /** How long the oldest message in flight has been on its way, from its acceptance; zero if none is. */
    public Duration oldestInFlight() {
        return handover.oldestInFlight();
    }

    /** The highest sequence id of which a receipt has come; before the first, the one that the broker knew, or -1. */
    public long lastAcknowledged() {
        return handover.lastAcknowledged();
    }

    /** When a producer of this lane last lost its connection, in milliseconds of the epoch; 0 if none did. */
    public long lastDisconnected() {
        return handover.lastDisconnected();
    }
}
