package dev.vela.internal.handle;

import dev.vela.BudgetExceededException;
import dev.vela.ProducerWaitingException;
import dev.vela.internal.lane.Admission;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.QueueRouter;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.WaitingQueue;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.routing.PartitionChoice;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.RuntimeResources;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Routes the messages without a key of a partitioned handle: chooses a partition for each message, and queues the
 * message while no partition can take it.
 *
 * <p>Thread-safe. Waiting messages go to the partitions that exist when their turn comes.
 */
final class KeylessRouter<T> {
    /**
     * The maximum number of partitions that a message is offered to at once: while the client's memory is full, no
     * partition takes a message.
     */
    private static final int MOST_TRIES = 3;

    private final PartitionedHandle<T> handle;
    private final ProducerSettings<T> settings;
    private final Admission unrouted;
    private final WaitingQueue queue;
    private volatile @Nullable Filling<T> filling;
    private final AtomicReference<@Nullable GroupHandle<T>> kept = new AtomicReference<>();

    /**
     * Creates a router.
     *
     * @param room signals room in the budgets of the partitions and of the waiting messages
     */
    KeylessRouter(
            PartitionedHandle<T> handle, RuntimeResources resources, ProducerSettings<T> settings, RoomSignal room) {
        this.handle = handle;
        this.settings = settings;
        this.unrouted =
                new Admission(resources.budget(), settings.budget("the budget of " + settings.topic(), room, 1));
        this.queue = new WaitingQueue(resources.control(), new Waiting());
    }

    WaitingQueue queue() {
        return queue;
    }

    /** The room of messages that no partition has yet. */
    Admission unrouted() {
        return unrouted;
    }

    // ---- offering

    /**
     * Offers a message to partitions. If there is room but none takes the message, it holds that room, and its queue is
     * the queue of this router.
     */
    OfferResult offer(Send send) {
        send.waitIn(queue);
        OfferResult result = queue.isEmpty() ? offerToPartitions(send) : OfferResult.FULL;
        if (result == OfferResult.TAKEN || result == OfferResult.NO_ROOM) {
            return result;
        }
        return send.isAdmitted() || send.tryAdmit(unrouted, false) ? result : OfferResult.NO_ROOM;
    }

    /** Takes a message over from another queue: it waits in this queue, if no partition takes it now. */
    void takeOver(Send send) {
        send.waitIn(queue);
        OfferResult result = queue.isEmpty() ? offerToPartitions(send) : OfferResult.FULL;
        if (result != OfferResult.TAKEN) {
            queue.add(send, result);
        }
    }

    private OfferResult offerToPartitions(Send send) {
        OfferResult result = offerToFilling(send);
        return result == OfferResult.TAKEN ? result : offerToSome(send, result);
    }

    private OfferResult offerToSome(Send send, OfferResult first) {
        List<GroupHandle<T>> tried = new ArrayList<>();
        boolean isRefused = first != OfferResult.NO_ROOM; // by a lane, for a reason other than room
        while (tried.size() < MOST_TRIES) {
            GroupHandle<T> next = pick(group -> group.hasRoomFor(send) && !tried.contains(group));
            if (next == null) {
                break;
            }
            tried.add(next);
            OfferResult result = next.selector().offer(send);
            if (result == OfferResult.TAKEN) {
                return result;
            }
            isRefused |= result != OfferResult.NO_ROOM;
        }
        if (!isAnyLive()) {
            return OfferResult.DOWN;
        }
        return send.isAdmitted() || isRefused ? OfferResult.FULL : OfferResult.NO_ROOM;
    }

    private boolean isAnyLive() {
        return handle.routed().stream().anyMatch(GroupHandle::isLive);
    }

    // ---- choosing

    /** An entry without a key that is being filled. */
    private record Filling<T>(GroupHandle<T> group, long closedBefore) {
        boolean isOpen() {
            return group.selector().timesClosed() == closedBefore && group.isLive();
        }
    }

    /**
     * With batching, offers a message to the entry that is being filled. For each new entry, the partition is chosen
     * anew.
     */
    private OfferResult offerToFilling(Send send) {
        if (settings.batching() == null) {
            return OfferResult.NO_ROOM;
        }
        Filling<T> now = filling;
        boolean isElsewhere = now != null && settings.keepsPartition() && now.group != kept.get();
        if (now == null || isElsewhere || !now.isOpen()) {
            GroupHandle<T> next = shorter(anyPartition(), anyPartition());
            if (next == null || !next.hasRoomFor(send)) {
                return OfferResult.NO_ROOM;
            }
            now = new Filling<>(next, next.selector().timesClosed());
            filling = now;
        }
        return now.group.selector().offer(send);
    }

    /**
     * A partition for a message of a transaction, which stays there: a random partition, with room if any partition has
     * room.
     */
    @Nullable
    GroupHandle<T> partitionFor(EncodedMessage message) {
        GroupHandle<T> roomy = pick(group -> group.admission().hasRoomForOneOfMany(message.sizeInBytes()));
        return roomy == null ? anyPartition() : roomy;
    }

    private @Nullable GroupHandle<T> anyPartition() {
        return pick(group -> true);
    }

    private @Nullable GroupHandle<T> pick(Predicate<GroupHandle<T>> isSuitable) {
        return settings.keepsPartition() ? pickSame(isSuitable) : pickAny(isSuitable);
    }

    /** The one partition for all messages, if it is suitable. Another one takes over if it is not healthy. */
    private @Nullable GroupHandle<T> pickSame(Predicate<GroupHandle<T>> isSuitable) {
        GroupHandle<T> now = kept.get();
        if (now == null || !now.selector().isHealthy()) {
            GroupHandle<T> next = pickAny(group -> true);
            boolean isBetter = next != null
                    && (now == null || !now.isLive() || next.selector().isHealthy());
            if (isBetter) {
                kept.compareAndSet(now, next);
            }
            now = kept.get();
        }
        return now != null && isSuitable.test(now) ? now : null;
    }

    private static <T> @Nullable GroupHandle<T> shorter(@Nullable GroupHandle<T> one, @Nullable GroupHandle<T> other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.admission().own().messages() <= other.admission().own().messages() ? one : other;
    }

    /**
     * A random suitable partition: one of the healthy partitions if there are any, otherwise one that merely has a
     * producer. Null while the healthy partitions are full: otherwise the other partitions would fill up with messages
     * that could wait for room.
     */
    private @Nullable GroupHandle<T> pickAny(Predicate<GroupHandle<T>> isSuitable) {
        List<GroupHandle<T>> groups = handle.routed();
        int chosen =
                PartitionChoice.random(groups.size(), i -> groups.get(i).isHealthy() && isSuitable.test(groups.get(i)));
        if (chosen < 0 && groups.stream().noneMatch(GroupHandle::isHealthy)) {
            chosen = PartitionChoice.random(
                    groups.size(), i -> groups.get(i).isLive() && isSuitable.test(groups.get(i)));
        }
        return chosen < 0 ? null : groups.get(chosen);
    }

    // ---- waiting

    /** Decides what happens to the messages in the queue. */
    private final class Waiting implements QueueRouter {
        @Override
        public OfferResult offer(Send send) {
            return offerToPartitions(send);
        }

        @Override
        public void drained() {
            handle.lanes().forEach(Lane::flush);
        }

        @Override
        public @Nullable Throwable refusal(Send send) {
            boolean isWaiting = false;
            for (GroupHandle<T> group : handle.routed()) {
                Throwable refusal = group.refusal(send);
                if (refusal == null) {
                    return null;
                }
                isWaiting |= refusal instanceof ProducerWaitingException;
            }
            return isWaiting
                    ? new ProducerWaitingException(settings.topic() + ": its producers wait for exclusive access")
                    : handle.unavailable("has no partition that can take it");
        }

        @Override
        public Throwable expired(Send send) {
            BudgetExceededException full =
                    isAnyLive() ? handle.resources.memory().whyNotSent() : null;
            return full != null
                    ? full
                    : settings.expired(
                            handle.unavailable("had no partition that could take the message within its timeout"));
        }

        @Override
        public void failed(Send send, Throwable cause) {
            handle.intake().refuse(send, cause);
        }
    }
}
