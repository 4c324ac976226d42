package dev.vela.internal.handle;

import dev.vela.BudgetExceededException;
import dev.vela.ProducerWaitingException;
import dev.vela.internal.lane.Admission;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.WaitingQueue;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.routing.PartitionChoice;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.RuntimeResources;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * The messages without a key of a partitioned producer: which partition takes each, and where they wait while none can.
 *
 * <p>Thread-safe. Those that wait go to whatever partitions there are when their turn comes.
 */
final class KeylessRouter<T> implements WaitingQueue.Router {
    /** How many partitions are tried in a round: where the client's memory is full, none takes any. */
    private static final int MOST_TRIES = 3;

    private final PartitionedHandle<T> producer;
    private final RuntimeResources engine;
    private final ProducerSettings<T> settings;
    private final RoomSignal room;
    private final Admission unrouted;
    private final WaitingQueue lobby;
    private volatile @Nullable Filling<T> filling;

    /**
     * Messages yet to come.
     *
     * @param room where room in the partitions' budgets is announced
     */
    KeylessRouter(
            PartitionedHandle<T> producer, RuntimeResources engine, ProducerSettings<T> settings, RoomSignal room) {
        this.producer = producer;
        this.engine = engine;
        this.settings = settings;
        this.room = room;
        this.unrouted = new Admission(engine.budget(), settings.budget("the budget of " + settings.topic(), room));
        this.lobby = new WaitingQueue(engine.control(), this);
    }

    WaitingQueue lobby() {
        return lobby;
    }

    // ---- sending

    /** Lets the message into the entry that is being filled, if that needs no waiting; or does nothing. */
    boolean tryTake(Send send) {
        Filling<T> now = filling;
        return now != null && lobby.isEmpty() && now.isOpen() && now.group.tryTake(send);
    }

    /** Lets the message in, or answers it with a failure. May block while a budget is full. */
    void take(Send send) throws PulsarClientException, InterruptedException {
        Placement placement = new Placement(send);
        Admission.admit(send, engine.budget(), room, placement::find, engine.control(), producer.intake()::mustNotWait);
        placement.deliver();
    }

    /** Where a message goes: found while it is let in, used when it has been. */
    private final class Placement {
        private final Send send;
        private @Nullable GroupHandle<T> target;

        Placement(Send send) {
            this.send = send;
        }

        /** Admits the message to a partition, or to those that wait if none can take any. */
        boolean find() {
            target = lobby.isEmpty() ? choose(group -> group.admission().tryAdmitOneOfMany(send)) : null;
            return target != null || (!canAnyTake() && unrouted.tryAdmit(send));
        }

        void deliver() {
            GroupHandle<T> chosen = target;
            if (chosen == null || (chosen.tryRoute(send) != OfferResult.TAKEN && admit(send) != OfferResult.TAKEN)) {
                Throwable refusal = refusal(send);
                if (refusal == null) {
                    lobby.park(send);
                } else {
                    lobby.turnAway(send, refusal);
                }
            }
        }
    }

    private boolean canAnyTake() {
        return lobby.isEmpty() && isAnyLive();
    }

    private boolean isAnyLive() {
        return producer.routed().stream().anyMatch(GroupHandle::isLive);
    }

    // ---- choosing

    /** Where an entry without a key is being filled. */
    private record Filling<T>(GroupHandle<T> group, long generation) {
        boolean isOpen() {
            return group.batchGeneration() == generation;
        }
    }

    /** A partition for a message of a transaction, which stays there: a random one, with room if any has some. */
    @Nullable
    GroupHandle<T> partitionFor(EncodedMessage message) {
        GroupHandle<T> roomy = pick(group -> group.admission().hasRoom(message.sizeInBytes()));
        return roomy == null ? anyPartition() : roomy;
    }

    /** A partition for one message that nothing is known of: a random one, healthy if any is. */
    private @Nullable GroupHandle<T> anyPartition() {
        return pick(group -> true);
    }

    /** A partition that accepts: when batching, the one whose entry is being filled; else a random one. */
    private @Nullable GroupHandle<T> choose(Predicate<GroupHandle<T>> accepts) {
        if (settings.batching() == null) {
            return pick(accepts);
        }
        Filling<T> now = filling;
        if (now != null && now.isOpen() && now.group.isLive()) {
            return accepts.test(now.group) ? now.group : pick(accepts);
        }
        GroupHandle<T> next = shorter(anyPartition(), anyPartition());
        if (next == null || !accepts.test(next)) {
            return pick(accepts);
        }
        filling = new Filling<>(next, next.batchGeneration());
        return next;
    }

    private static <T> @Nullable GroupHandle<T> shorter(@Nullable GroupHandle<T> one, @Nullable GroupHandle<T> other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.admission().own().messages() <= other.admission().own().messages() ? one : other;
    }

    /**
     * A random partition that accepts: among the healthy if there are any, else among those that merely have a producer.
     * While the healthy are full there is none, or those that are not would be filled up with what could wait for room.
     */
    private @Nullable GroupHandle<T> pick(Predicate<GroupHandle<T>> accepts) {
        List<GroupHandle<T>> groups = producer.routed();
        int chosen =
                PartitionChoice.random(groups.size(), i -> groups.get(i).isHealthy() && accepts.test(groups.get(i)));
        if (chosen < 0 && groups.stream().noneMatch(GroupHandle::isHealthy)) {
            chosen = PartitionChoice.random(groups.size(), i -> groups.get(i).isLive() && accepts.test(groups.get(i)));
        }
        return chosen < 0 ? null : groups.get(chosen);
    }

    // ---- those that wait

    @Override
    public OfferResult admit(Send send) {
        AtomicInteger tries = new AtomicInteger();
        if (pick(group -> tryGive(group, send, tries)) != null) {
            return OfferResult.TAKEN;
        }
        return isAnyLive() ? OfferResult.FULL : OfferResult.DOWN;
    }

    private boolean tryGive(GroupHandle<T> group, Send send, AtomicInteger tries) {
        if (tries.get() == MOST_TRIES || !group.admission().tryTakeOver(send)) {
            return false;
        }
        tries.incrementAndGet();
        return group.tryRoute(send) == OfferResult.TAKEN;
    }

    @Override
    public void handedOver() {
        producer.lanes().forEach(Lane::flush);
    }

    @Override
    public @Nullable Throwable refusal(Send send) {
        boolean waiting = false;
        for (GroupHandle<T> group : producer.routed()) {
            Throwable refusal = group.refusal(send);
            if (refusal == null) {
                return null;
            }
            waiting |= refusal instanceof ProducerWaitingException;
        }
        return waiting
                ? new ProducerWaitingException(settings.topic() + ": its producers wait for exclusive access")
                : producer.unavailable("has no partition that can take it");
    }

    @Override
    public Throwable expired(Send send) {
        BudgetExceededException full = isAnyLive() ? producer.withoutMemory() : null;
        return full != null
                ? full
                : producer.unavailable("had no partition that could take the message within its timeout");
    }

    @Override
    public void failed(Send send, Throwable cause) {
        producer.intake().refuse(send, cause);
    }
}
