package dev.vela.internal.handle;

import dev.vela.BudgetExceededException;
import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.ProducerWaitingException;
import dev.vela.Snapshot;
import dev.vela.internal.lane.Admission;
import dev.vela.internal.lane.Budget;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.LaneContext;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.QueueRouter;
import dev.vela.internal.lane.Reserve;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.WaitingQueue;
import dev.vela.internal.producer.LaneSelector;
import dev.vela.internal.producer.ProducerChildren;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.pulsar.Topics;
import dev.vela.internal.runtime.CallbackShare;
import dev.vela.internal.runtime.HandleContext;
import dev.vela.internal.runtime.RuntimeResources;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/** The handle of the group of one topic or partition. */
public final class GroupHandle<T> extends Handle<T>
        implements ProducerGroup<T>, QueueRouter, PartitionGrowth.Partition {
    private final String topic;
    private final RoomSignal room;
    private final Admission admission;
    private final WaitingQueue queue;
    private final TransactionQueues transactions;
    private final ProducerChildren<T> producers;
    private final LaneSelector lanes;
    private final Lifecycle lifecycle;
    private final Runnable onChange;

    /**
     * The place of a group: alone, or as a partition of a partitioned handle.
     *
     * @param topic the topic, or the partition's topic
     * @param namePrefix the beginning of its producers' names
     * @param nameSuffix the end of their names
     * @param callbacks where its callbacks run
     * @param room signals room in its budget
     * @param partitions the number of partitions when the handle was started; 0 for a topic of its own
     * @param onChange run after each change, on the control thread
     */
    record Place(
            String topic,
            String namePrefix,
            String nameSuffix,
            CallbackShare callbacks,
            RoomSignal room,
            int partitions,
            Runnable onChange) {}

    /** Creates a stand-alone group, and starts nothing. */
    public static <T> GroupHandle<T> alone(
            RuntimeResources resources, HandleContext<T> context, Parent parent, String nameSuffix) {
        return new GroupHandle<>(
                resources,
                context,
                parent,
                new Place(
                        context.settings().topic(),
                        context.name(),
                        nameSuffix,
                        new CallbackShare(resources),
                        new RoomSignal(),
                        0,
                        () -> {}));
    }

    /** Creates a group, and starts nothing. */
    GroupHandle(RuntimeResources resources, HandleContext<T> context, Parent parent, Place place) {
        super(resources, context, parent, place.callbacks(), Topics.partition(place.topic()));
        this.topic = place.topic();
        this.room = place.room();
        this.onChange = place.onChange();
        Budget own = settings.budget("the budget of " + topic, room, place.partitions());
        this.admission = place.partitions() > 0
                ? Admission.ofPartition(resources.budget(), own)
                : new Admission(resources.budget(), own);
        this.queue = new WaitingQueue(resources.control(), this);
        this.transactions = new TransactionQueues(this, resources.control());
        LaneContext laneContext = new LaneContext(
                Topics.partition(topic),
                resources.control(),
                queue,
                completions,
                counters(),
                admission,
                settings.batching(),
                settings.inFlightPolicy(),
                settings::told,
                hooks.schema(),
                resources.buffers(),
                resources.pace(topic),
                !resources.observers().isEmpty());
        this.producers = new ProducerChildren<>(
                resources,
                parent.calls(),
                context,
                topic,
                place.namePrefix(),
                place.nameSuffix(),
                laneContext,
                this::changed);
        this.lanes = producers.lanes();
        this.lifecycle = new Lifecycle(
                resources, context, topic, settings.restartIntensity(), producers::childSpecs, this::changed);
    }

    // ---- sending

    /** If there is room but no lane takes the message, it holds that room, and its queue is the queue of this group. */
    @Override
    public OfferResult offer(Send send) {
        OfferResult result = lanes.offer(send);
        if (result == OfferResult.TAKEN || result == OfferResult.NO_ROOM) {
            return result;
        }
        if (!send.tryAdmit(admission, false)) {
            return OfferResult.NO_ROOM;
        }
        send.waitIn(queue);
        return result;
    }

    /**
     * Takes a message over from another queue: it waits in the queue of this group, if no lane takes it now. Its room
     * moves here, though there may be none: otherwise later messages could take all of it and wait behind this one.
     */
    void takeOver(Send send) {
        send.move(admission);
        send.waitIn(queue);
        OfferResult result = queue.isEmpty() ? lanes.offer(send) : OfferResult.FULL;
        if (result != OfferResult.TAKEN) {
            queue.add(send, result);
        }
    }

    @Override
    OfferResult offer(Transaction transaction, Send send) {
        return send.tryAdmit(admission, false) ? transactions.offer(transaction, send) : OfferResult.NO_ROOM;
    }

    @Override
    RoomSignal room() {
        return room;
    }

    LaneSelector selector() {
        return lanes;
    }

    WaitingQueue queue() {
        return queue;
    }

    Admission admission() {
        return admission;
    }

    boolean isLive() {
        return lanes.isLive();
    }

    /** Whether a message without a key would probably be sent now: not if others wait in the queue before it. */
    boolean isHealthy() {
        return lanes.isHealthy() && queue.isEmpty();
    }

    /** Whether a message without a key would find room here now, or already holds room here. */
    boolean hasRoomFor(Send send) {
        if (send.isAdmitted()) {
            return send.isAdmittedBy(admission) || admission.couldMove(send.size());
        }
        return admission.hasRoomForOneOfMany(send.size());
    }

    @Override
    GroupHandle<T> transactionTarget(EncodedMessage message) {
        return this;
    }

    // ---- waiting messages

    @Override
    public void drained() {
        lanes.flush();
    }

    @Override
    public @Nullable Throwable refusal(Send send) {
        return switch (lifecycle.phase()) {
            case STARTING, BROKEN -> settings.failFast() ? unavailable("is not running yet") : null;
            case RUNNING -> refusalWhileRunning();
            case FAILED -> unavailable("failed");
            case STOPPED -> stopped();
        };
    }

    private @Nullable Throwable refusalWhileRunning() {
        if (lanes.isLive()) {
            return null;
        }
        List<ProducerState> states = producers.states();
        if (states.stream().anyMatch(state -> state.isRecovering() || state.isAlive())) {
            return settings.failFast() ? unavailable("has no producer ready") : null;
        }
        if (states.contains(ProducerState.WAITING)) {
            return settings.waitsForAccess()
                    ? null
                    : new ProducerWaitingException(topic + ": its producers wait for exclusive access");
        }
        return unavailable("is down");
    }

    @Override
    public boolean isAnswered() {
        return producers.areAnswered();
    }

    @Override
    public NoProducersAvailableException unavailable(String how) {
        String who = name.equals(topic) ? topic : name + " on " + topic;
        return new NoProducersAvailableException(who + " " + how, causes());
    }

    @Override
    public Throwable expired(Send send) {
        BudgetExceededException full = lanes.isLive() ? resources.memory().whyNotSent() : null;
        return full != null ? full : settings.expired(unavailable("had no producer within the message's timeout"));
    }

    @Override
    public void failed(Send send, Throwable cause) {
        intake().refuse(send, cause);
    }

    @Override
    void dismissAll() {
        lanes.all().forEach(lane -> lane.detach("was stopped", null));
        transactions.failAll();
        queue.failAll(this::toldStopped);
    }

    // ---- lifecycle

    @Override
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    private void changed() {
        queue.scheduleDrain();
        tellReadiness();
        onChange.run();
    }

    @Override
    public void gaveUp(Throwable cause) {
        producers.failed();
        super.gaveUp(cause);
    }

    @Override
    public void tick() {
        transactions.prune();
        producers.tick();
        noteState();
    }

    @Override
    public void closeAhead(Duration grace) {
        producers.closeAhead(grace);
    }

    @Override
    void restartChildren() {
        producers.restart();
    }

    @Override
    List<Handle<T>> parts() {
        return List.of();
    }

    @Override
    public List<Throwable> causes() {
        List<Throwable> causes = producers.causes();
        Throwable own = lifecycle.lastCause();
        return causes.isEmpty() && own != null ? List.of(own) : causes;
    }

    // ---- state

    @Override
    public String getTopic() {
        return topic;
    }

    @Override
    public HandleState state() {
        return lifecycle.state(producers.state());
    }

    @Override
    public boolean isReady() {
        HandleState state = state();
        return state == HandleState.READY || state == HandleState.DEGRADED;
    }

    @Override
    public Snapshot.Topic snapshot() {
        Seen its = seen();
        Snapshot.Group group = groupSnapshot();
        return new Snapshot.Topic(
                name,
                topic,
                its.state(),
                its.since(),
                group.lastCause(),
                group.restarts(),
                0,
                group.waiting(),
                Math.max(0, open() - reserve().messages()),
                group.failed(),
                List.of(group));
    }

    /** The room that its lanes hold for future messages. */
    @Override
    public Reserve reserve() {
        return lanes.reserve();
    }

    Snapshot.Group groupSnapshot() {
        Budget budget = admission.own();
        Reserve reserve = reserve();
        return new Snapshot.Group(
                topic,
                state(),
                Optional.ofNullable(lifecycle.lastCause()),
                lifecycle.restarts(),
                transactions.size() + queue.size(),
                Math.max(0, budget.messages() - reserve.messages()),
                Math.max(0, budget.bytes() - reserve.bytes()),
                counters().acknowledgedMessages(),
                counters().acknowledgedBytes(),
                counters().failedMessages(),
                producers.snapshot());
    }

    @Override
    List<Lane> lanes() {
        return lanes.all();
    }

    @Override
    public List<Snapshot.Producer> producers() {
        return groupSnapshot().producers().stream()
                .filter(producer -> producer.state().isAlive())
                .toList();
    }

    @Override
    public int getNumOfPartitions() {
        return 0;
    }
}
