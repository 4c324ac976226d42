package dev.vela.internal.producer;

import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.Reserve;
import dev.vela.internal.lane.Send;
import dev.vela.internal.routing.Affinity;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a group. Chooses the lane for a message: the lane in which messages of the same key, or thread, are
 * pending, or else any lane that has a producer.
 *
 * <p>Thread-safe; never blocks.
 */
public final class LaneSelector {
    private final List<Lane> lanes;
    private final @Nullable Affinity affinity; // null for a single lane
    private final Send.@Nullable Releasable stripe;
    private final IntPredicate isLive;

    LaneSelector(List<Lane> lanes) {
        this.lanes = lanes;
        Affinity table = lanes.size() == 1 ? null : new Affinity(lanes.size());
        this.affinity = table;
        this.stripe = table == null ? null : send -> table.release(send.affinity());
        this.isLive = index -> lanes.get(index).isLive();
    }

    /** Offers a message to the lane that it belongs to. */
    public OfferResult offer(Send send) {
        int index = acquire(send);
        if (index < 0) {
            return index == Affinity.HELD && isLive() ? OfferResult.HELD : OfferResult.DOWN;
        }
        OfferResult result = OfferResult.DOWN;
        try {
            result = lanes.get(index).offer(send);
        } finally {
            if (result != OfferResult.TAKEN) {
                withdraw(send);
            }
        }
        return result;
    }

    /**
     * The index of the lane that a message belongs to, with its stripe acquired; or the value of {@link Affinity} if no
     * lane can take the message.
     */
    private int acquire(Send send) {
        Affinity table = affinity;
        if (table == null) {
            return 0;
        }
        int index = table.acquire(send.affinity(), isLive);
        if (index >= 0) {
            send.holding(stripe);
        }
        return index;
    }

    private void withdraw(Send send) {
        Affinity table = affinity;
        if (table != null) {
            send.holding(null);
            table.release(send.affinity());
        }
    }

    /** Sends all partly filled entries now. */
    public void flush() {
        lanes.forEach(Lane::flush);
    }

    /** Whether any lane has a producer. */
    public boolean isLive() {
        return any(Lane::isLive);
    }

    /** Whether a message would probably be sent now. */
    public boolean isHealthy() {
        return any(Lane::isHealthy);
    }

    private boolean any(Predicate<Lane> predicate) {
        for (int i = 0; i < lanes.size(); i++) {
            if (predicate.test(lanes.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** Changes when an entry of any lane is closed. */
    public long timesClosed() {
        long sum = 0;
        for (int i = 0; i < lanes.size(); i++) {
            sum += lanes.get(i).timesClosed();
        }
        return sum;
    }

    /** The room that the lanes hold for future messages. */
    public Reserve reserve() {
        return lanes.stream().map(Lane::reserve).reduce(Reserve.NONE, Reserve::plus);
    }

    public List<Lane> all() {
        return lanes;
    }
}
