package dev.vela.internal.handle;

import dev.vela.internal.lane.Admission;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.QueueRouter;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.WaitingQueue;
import dev.vela.internal.runtime.RuntimeResources;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a handle that was started while no broker could be reached: they wait until its partitions are known.
 *
 * <p>Thread-safe. Any thread may add a message. Once the partitions are known, the control thread hands each message
 * over to where it belongs, in order, and without regard to the room there: its room moves with it. So no message holds
 * up another, and the queue is soon empty for good.
 */
final class EarlyQueue<T> implements QueueRouter {
    /*
     * A message counts as waiting here until it waits, or was taken, elsewhere. So a thread whose earlier message is
     * still here finds the queue not empty, and its next message waits behind that one.
     */
    private final PartitionedHandle<T> handle;
    private final Admission room;
    private final WaitingQueue queue;

    /**
     * Creates an empty queue.
     *
     * @param room the room of messages that no partition has yet
     */
    EarlyQueue(PartitionedHandle<T> handle, RuntimeResources resources, Admission room) {
        this.handle = handle;
        this.room = room;
        this.queue = new WaitingQueue(resources.control(), this);
    }

    WaitingQueue queue() {
        return queue;
    }

    /** Whether a message must wait here. */
    boolean holds() {
        return !handle.isKnown() || !queue.isEmpty();
    }

    /** Takes room for a message, and makes this its queue. */
    OfferResult hold(Send send) {
        if (!send.tryAdmit(room, false)) {
            return OfferResult.NO_ROOM;
        }
        send.waitIn(queue);
        return OfferResult.FULL;
    }

    private boolean hasFailed() {
        return handle.lifecycle().phase() == Lifecycle.Phase.FAILED;
    }

    @Override
    public boolean isOpen() {
        return handle.isKnown() || handle.isDismissed() || hasFailed();
    }

    @Override
    public OfferResult offer(Send send) {
        if (!handle.isKnown()) {
            return OfferResult.DOWN;
        }
        handle.takeOver(send);
        return OfferResult.TAKEN;
    }

    @Override
    public void drained() {
        handle.lanes().forEach(Lane::flush);
    }

    @Override
    public @Nullable Throwable refusal(Send send) {
        if (handle.isDismissed()) {
            return handle.stopped();
        }
        return hasFailed() ? handle.unavailable("failed") : null;
    }

    @Override
    public Throwable expired(Send send) {
        return handle.settings.expired(handle.unavailable("did not learn its partitions within the message's timeout"));
    }

    @Override
    public void failed(Send send, Throwable cause) {
        handle.intake().refuse(send, cause);
    }
}
