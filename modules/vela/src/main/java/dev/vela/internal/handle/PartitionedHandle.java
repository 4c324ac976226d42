package dev.vela.internal.handle;

import dev.vela.ChildSpec;
import dev.vela.HandleState;
import dev.vela.MessageRejectedException;
import dev.vela.NoProducersAvailableException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Snapshot;
import dev.vela.VelaEvent;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.Reserve;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.WaitingQueue;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.pulsar.Interceptors;
import dev.vela.internal.pulsar.Topics;
import dev.vela.internal.runtime.CallbackShare;
import dev.vela.internal.runtime.ClientCalls;
import dev.vela.internal.runtime.HandleContext;
import dev.vela.internal.runtime.RuntimeResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * The handle of a partitioned topic: hands each message to its partition's group.
 *
 * <p>The state, the groups and the number of partitions cover only those that messages are routed to. The snapshot,
 * starts, checks and stops also cover new partitions that are not ready yet.
 */
public final class PartitionedHandle<T> extends Handle<T> implements PartitionedProducer<T> {
    /** No number of partitions, since no broker could be asked yet. */
    public static final int UNKNOWN = PartitionGrowth.UNKNOWN;

    private final ClientCalls calls;
    private final String nameSuffix;
    private final @Nullable EarlyQueue<T> early; // null if the partitions were known from the start
    private int partitions; // when messages were first routed to them; control thread only, after that
    private final RoomSignal room = new RoomSignal();
    private final Parent partitionParent = new PartitionParent();
    private final KeylessRouter<T> keyless;
    private final @Nullable CustomRouter router;
    private final PartitionGrowth<GroupHandle<T>> growth;
    private final Lifecycle lifecycle;

    /**
     * Creates a handle, and starts nothing.
     *
     * @param partitions their number, or {@link #UNKNOWN}: messages wait until it is known
     * @param growthInterval how often to look for more partitions; null for never
     * @param nameSuffix the end of its producers' names
     */
    public PartitionedHandle(
            RuntimeResources resources,
            HandleContext<T> context,
            Parent parent,
            int partitions,
            @Nullable Duration growthInterval,
            String nameSuffix) {
        super(resources, context, parent, new CallbackShare(resources), -1);
        this.calls = parent.calls();
        this.nameSuffix = nameSuffix;
        this.partitions = partitions;
        this.keyless = new KeylessRouter<>(this, resources, settings, room);
        this.early = partitions == UNKNOWN ? new EarlyQueue<>(this, resources, keyless.unrouted()) : null;
        MessageRouter given = settings.router();
        this.router = given == null ? null : new CustomRouter(given, settings.topic());
        this.growth = new PartitionGrowth<>(
                new GrowthPolicy(), partitions, growthInterval, resources.control(), resources.random());
        this.lifecycle = new Lifecycle(
                resources, context, settings.topic(), resources.topLevelIntensity(), this::childSpecs, this::changed);
    }

    /** Partitions are stopped with the whole handle, and never fail alone. */
    private final class PartitionParent implements Parent {
        @Override
        public CompletableFuture<Void> stop(Handle<?> handle, Duration drain) {
            throw new IllegalStateException(handle.getTopic() + " belongs to " + name + ": stop that one instead");
        }

        @Override
        public ClientCalls calls() {
            return calls;
        }

        @Override
        public void revive(Handle<?> handle) {
            restart();
        }
    }

    // ---- sending

    @Override
    public OfferResult offer(Send send) {
        if (early != null && early.holds()) {
            return early.hold(send);
        }
        return isBound(send.message()) ? partition(send.message()).offer(send) : keyless.offer(send);
    }

    /** Whether only one group may take a message: that of its key, or that of a topic without partitions. */
    private boolean isBound(EncodedMessage message) {
        return message.hasKey() || growth.isWhole();
    }

    /** Whether the partitions are known. */
    boolean isKnown() {
        return growth.isKnown();
    }

    /** Takes a message over that waited until the partitions were known. On the control thread. */
    void takeOver(Send send) {
        if (isBound(send.message())) {
            partition(send.message()).takeOver(send);
        } else {
            keyless.takeOver(send);
        }
    }

    @Override
    OfferResult offer(Transaction transaction, Send send) {
        throw new IllegalStateException("a message of a transaction is offered to the group that it targets");
    }

    @Override
    RoomSignal room() {
        return room;
    }

    /** The group of a message that is bound to one. */
    private GroupHandle<T> partition(EncodedMessage message) {
        List<GroupHandle<T>> groups = routed();
        return groups.size() == 1 ? groups.get(0) : groups.get(message.partition(settings.keyHash(), groups.size()));
    }

    @Override
    Handle<T> destination(EncodedMessage message) throws MessageRejectedException {
        return router == null ? this : router.choose(message, routed());
    }

    @Override
    GroupHandle<T> transactionTarget(EncodedMessage message) throws PulsarClientException {
        if (early != null && early.holds()) {
            throw unavailable("still waits for its partitions");
        }
        if (router != null) {
            return router.choose(message, routed());
        }
        if (message.hasKey()) {
            return partition(message);
        }
        GroupHandle<T> picked = keyless.partitionFor(message);
        return picked == null ? routed().get(0) : picked;
    }

    @Override
    void dismissAll() {
        parts().forEach(GroupHandle::dismiss);
        keyless.queue().failAll(this::toldStopped);
        if (early != null) {
            early.queue().failAll(this::toldStopped);
        }
    }

    // ---- partitions

    /** The queue of the messages without a key. */
    WaitingQueue keylessQueue() {
        return keyless.queue();
    }

    /** The groups that messages are routed to, by partition. */
    List<GroupHandle<T>> routed() {
        return growth.routes().routed();
    }

    @Override
    List<GroupHandle<T>> parts() {
        return growth.routes().all();
    }

    private final class GrowthPolicy implements PartitionGrowth.Policy<GroupHandle<T>> {
        @Override
        public CompletableFuture<Integer> lookUp() {
            return growth.isKnown()
                    ? resources.lookUps().partitions(settings.topic())
                    : resources.lookUps().partitionsOrCreate(settings.topic());
        }

        @Override
        public void notFound() {
            tellReadiness();
        }

        @Override
        public boolean mayGrow() {
            boolean mustDrain = !growth.isKnown() && !isDismissed();
            return lifecycle.phase() == Lifecycle.Phase.RUNNING && (openSends.isTaking() || mustDrain);
        }

        @Override
        public GroupHandle<T> newPartition(int index) {
            return newGroup(Topics.partition(settings.topic(), index), Topics.partition(name, index));
        }

        @Override
        public List<GroupHandle<T>> firstPartitions(int found) {
            partitions = Math.max(1, found);
            return found == 0
                    ? List.of(newGroup(settings.topic(), name))
                    : IntStream.range(0, found).mapToObj(this::newPartition).toList();
        }

        private GroupHandle<T> newGroup(String topic, String namePrefix) {
            return new GroupHandle<>(
                    resources,
                    context,
                    partitionParent,
                    new GroupHandle.Place(
                            topic,
                            namePrefix,
                            nameSuffix,
                            callbacks,
                            room,
                            partitions,
                            PartitionedHandle.this::changed));
        }

        /**
         * A thread that ends the intake of the whole handle also ends that of the partitions that it finds, so it may
         * have missed this partition.
         */
        @Override
        public void start(GroupHandle<T> partition) {
            if (!openSends.isTaking()) {
                partition.endIntake();
            }
            lifecycle.startChild(childSpec(partition));
        }

        @Override
        public void grown() {
            resources.event(VelaEvent.Type.PARTITIONS_GROWN, name, settings.topic(), null, null);
            tellInterceptors(routed().size());
            keyless.queue().scheduleDrain();
            tellReadiness();
        }
    }

    private void tellInterceptors(int partitions) {
        Interceptors interceptors = hooks.interceptors();
        if (!interceptors.isEmpty()) {
            resources.callbacks().execute(() -> interceptors.partitionsChanged(settings.topic(), partitions));
        }
    }

    // ---- lifecycle

    @Override
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    private List<ChildSpec> childSpecs() {
        return growth.routes().inStartOrder().stream().map(this::childSpec).toList();
    }

    private ChildSpec childSpec(GroupHandle<T> partition) {
        BooleanSupplier isRouted = () -> growth.routes().isRouted(partition);
        ChildSpec.Starter group = partition.lifecycle()::start;
        return ChildSpec.of(partition.getTopic(), () -> {
            if (isRouted.getAsBoolean()) {
                return group.start();
            }
            return new JoiningPartition(group, isRouted, settings.backoff(), resources.random(), resources.control())
                    .start();
        });
    }

    private void changed() {
        growth.changed();
        if (early != null) {
            early.queue().scheduleDrain();
        }
        keyless.queue().scheduleDrain();
        tellReadiness();
    }

    @Override
    public void tick() {
        parts().forEach(GroupHandle::tick);
        growth.tick();
        noteState();
    }

    @Override
    public void closeAhead(Duration grace) {
        parts().forEach(part -> part.closeAhead(grace));
    }

    @Override
    void restartChildren() {
        parts().forEach(GroupHandle::restartChildren);
    }

    @Override
    public List<Throwable> causes() {
        List<Throwable> causes = new ArrayList<>();
        routed().forEach(group -> causes.addAll(group.causes()));
        Throwable own = lifecycle.lastCause();
        Throwable unknown = growth.whyUnknown();
        if (unknown != null) {
            causes.add(unknown);
        }
        if (causes.isEmpty() && own != null) {
            causes.add(own);
        }
        return causes;
    }

    @Override
    public boolean isAnswered() {
        return growth.isKnown() ? routed().stream().allMatch(GroupHandle::isAnswered) : isRefused();
    }

    /** Whether a broker has answered, but does not tell the partitions. */
    private boolean isRefused() {
        Throwable why = growth.whyUnknown();
        return why != null && !Failures.isOfAbsence(why);
    }

    @Override
    public NoProducersAvailableException unavailable(String how) {
        return new NoProducersAvailableException(name + " " + how, causes());
    }

    // ---- state

    @Override
    public String getTopic() {
        return settings.topic();
    }

    @Override
    public HandleState state() {
        return lifecycle.state(combined());
    }

    /** The state of the whole handle while it runs. */
    private HandleState combined() {
        Set<HandleState> states = EnumSet.noneOf(HandleState.class);
        routed().forEach(group -> states.add(group.state()));
        if (states.size() == 1) {
            return states.iterator().next();
        }
        if (states.contains(HandleState.READY) || states.contains(HandleState.DEGRADED)) {
            return HandleState.DEGRADED;
        }
        return states.contains(HandleState.RESTARTING) ? HandleState.RESTARTING : HandleState.STARTING;
    }

    @Override
    public Snapshot.Topic snapshot() {
        PartitionTable<GroupHandle<T>> now = growth.routes();
        Seen its = seen();
        List<Snapshot.Group> groups =
                now.all().stream().map(GroupHandle::groupSnapshot).toList();
        int unrouted =
                keyless.queue().size() + (early == null ? 0 : early.queue().size());
        return new Snapshot.Topic(
                name,
                settings.topic(),
                its.state(),
                its.since(),
                Optional.ofNullable(lifecycle.lastCause()),
                lifecycle.restarts(),
                numberOf(now.routed()),
                unrouted + groups.stream().mapToInt(Snapshot.Group::waiting).sum(),
                Math.max(
                        0,
                        open()
                                + now.all().stream()
                                        .mapToLong(GroupHandle::open)
                                        .sum()
                                - reserve().messages()),
                counters().failedMessages()
                        + groups.stream().mapToLong(Snapshot.Group::failed).sum(),
                groups);
    }

    @Override
    public Reserve reserve() {
        return parts().stream().map(GroupHandle::reserve).reduce(Reserve.NONE, Reserve::plus);
    }

    @Override
    public List<Snapshot.Producer> producers() {
        return routed().stream().flatMap(group -> group.producers().stream()).toList();
    }

    @Override
    public Map<String, ProducerGroup<T>> partitionGroups() {
        return Collections.unmodifiableMap(growth.routes().routedByTopic());
    }

    @Override
    public int getNumOfPartitions() {
        return numberOf(routed());
    }

    private int numberOf(List<GroupHandle<T>> groups) {
        return growth.isWhole() ? 0 : groups.size();
    }

    @Override
    List<Lane> lanes() {
        return parts().stream().flatMap(group -> group.lanes().stream()).toList();
    }
}
