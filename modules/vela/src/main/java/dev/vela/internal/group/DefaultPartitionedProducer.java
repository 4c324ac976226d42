package dev.vela.internal.group;

import dev.vela.ChildSpec;
import dev.vela.GroupState;
import dev.vela.NoProducersAvailableException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.ProducerWaitingException;
import dev.vela.Snapshot;
import dev.vela.internal.lane.Admission;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.LaneCounters;
import dev.vela.internal.lane.Lobby;
import dev.vela.internal.lane.Reserve;
import dev.vela.internal.lane.Room;
import dev.vela.internal.lane.Send;
import dev.vela.internal.pulsar.OutgoingMessage;
import dev.vela.internal.routing.PartitionChoice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** The handle of a partitioned topic: chooses a partition's group for each message. */
final class DefaultPartitionedProducer<T> extends SupervisedHandle<T>
        implements PartitionedProducer<T>, Lobby.Receptionist {
    private final List<DefaultProducerGroup<T>> groups;
    private final Map<String, ProducerGroup<T>> groupsByTopic;
    private final Room room = new Room();
    private final Admission unrouted;
    private final LaneCounters counters = new LaneCounters();
    private final Lobby lobby;
    private final Life life;
    private volatile @Nullable Filling<T> filling;

    DefaultPartitionedProducer(Engine engine, Settings<T> settings, Owner owner, int partitions, String nameSuffix) {
        super(engine, settings, owner);
        this.unrouted = new Admission(engine.budget(), settings.budget("the budget of " + settings.topic(), room));
        this.lobby = new Lobby(engine.control(), this);
        List<DefaultProducerGroup<T>> all = new ArrayList<>();
        Map<String, ProducerGroup<T>> byTopic = new LinkedHashMap<>();
        Owner self = new PartitionOwner();
        for (int i = 0; i < partitions; i++) {
            String topic = Topics.partition(settings.topic(), i);
            DefaultProducerGroup<T> group = new DefaultProducerGroup<>(
                    engine,
                    settings,
                    self,
                    topic,
                    Topics.partition(settings.name(), i),
                    nameSuffix,
                    room,
                    new PartitionWhole());
            all.add(group);
            byTopic.put(topic, group);
        }
        this.groups = List.copyOf(all);
        this.groupsByTopic = Collections.unmodifiableMap(byTopic);
        this.life = new Life(
                engine, settings, settings.topic(), engine.topLevelIntensity(), this::childSpecs, this::changed);
    }

    private final class PartitionWhole implements DefaultProducerGroup.Whole {
        @Override
        public void changed() {
            DefaultPartitionedProducer.this.changed();
        }

        @Override
        public void takeBack(List<Send> sends, Lane.Verdict verdict) {
            lobby.takeBack(sends, verdict);
        }
    }

    /** Partitions are stopped with the whole, and never fail alone. */
    private final class PartitionOwner implements Owner {
        @Override
        public CompletableFuture<Void> stop(SupervisedHandle<?> handle, Duration drain) {
            throw new IllegalStateException(
                    handle.getTopic() + " belongs to " + settings.name() + ": stop that one instead");
        }

        @Override
        public void revive(SupervisedHandle<?> handle) {
            restart();
        }
    }

    // ---- sending

    @Override
    boolean tryTake(Send send) {
        if (settings.batching() == null) {
            return false;
        }
        Object key = send.message().key();
        if (key != null) {
            return groups.get(partition(key)).tryTake(send);
        }
        Filling<T> now = filling;
        return now != null && lobby.isEmpty() && now.isOpen() && now.group.tryTake(send);
    }

    @Override
    void take(Send send) throws PulsarClientException, InterruptedException {
        Object key = send.message().key();
        if (key != null) {
            groups.get(partition(key)).take(send);
            return;
        }
        Placement placement = new Placement(send);
        Admission.admit(send, engine.budget(), room, placement::find, engine.control(), intake()::mustNotWait);
        placement.deliver();
    }

    private int partition(Object key) {
        return key instanceof String text
                ? settings.keyHash().partition(text, groups.size())
                : settings.keyHash().partition((byte[]) key, groups.size());
    }

    /** Where a message without a key goes: found while it is let in, used when it has been. */
    private final class Placement {
        private final Send send;
        private @Nullable DefaultProducerGroup<T> target;

        Placement(Send send) {
            this.send = send;
        }

        /** Admits the message to a partition, or to those that wait if none can take any. */
        boolean find() {
            target = lobby.isEmpty() ? choose(group -> group.admission().tryAdmit(send)) : null;
            return target != null || (!canAnyTake() && unrouted.tryAdmit(send));
        }

        void deliver() {
            DefaultProducerGroup<T> chosen = target;
            if (chosen == null || chosen.tryRoute(send) != Lane.Verdict.TAKEN) {
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
        return lobby.isEmpty() && groups.stream().anyMatch(DefaultProducerGroup::isLive);
    }

    /** Where an entry without a key is being filled. */
    private record Filling<T>(DefaultProducerGroup<T> group, long generation) {
        boolean isOpen() {
            return group.batchGeneration() == generation;
        }
    }

    /** A partition that accepts: when batching, the one whose entry is being filled; else a random one. */
    private @Nullable DefaultProducerGroup<T> choose(Predicate<DefaultProducerGroup<T>> accepts) {
        if (settings.batching() == null) {
            return pick(accepts);
        }
        Filling<T> now = filling;
        if (now != null && now.isOpen() && now.group.isLive()) {
            return accepts.test(now.group) ? now.group : pick(accepts);
        }
        DefaultProducerGroup<T> next = shorter(pick(group -> true), pick(group -> true));
        if (next == null || !accepts.test(next)) {
            return pick(accepts);
        }
        filling = new Filling<>(next, next.batchGeneration());
        return next;
    }

    private static <T> @Nullable DefaultProducerGroup<T> shorter(
            @Nullable DefaultProducerGroup<T> one, @Nullable DefaultProducerGroup<T> other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.admission().own().messages() <= other.admission().own().messages() ? one : other;
    }

    /**
     * A random partition that accepts: among the healthy if there are any, else among those that merely have a producer.
     */
    private @Nullable DefaultProducerGroup<T> pick(Predicate<DefaultProducerGroup<T>> accepts) {
        int chosen =
                PartitionChoice.random(groups.size(), i -> groups.get(i).isHealthy() && accepts.test(groups.get(i)));
        if (chosen < 0) {
            chosen = PartitionChoice.random(groups.size(), i -> groups.get(i).isLive() && accepts.test(groups.get(i)));
        }
        return chosen < 0 ? null : groups.get(chosen);
    }

    @Override
    SupervisedHandle<T> transactionTarget(OutgoingMessage message) {
        Object key = message.key();
        if (key != null) {
            return groups.get(partition(key));
        }
        DefaultProducerGroup<T> picked = pick(group -> true);
        return picked == null ? groups.get(0) : picked;
    }

    @Override
    void unanswered(List<CompletableFuture<MessageId>> into) {
        lobby.unanswered(into);
        groups.forEach(group -> group.unanswered(into));
    }

    // ---- those that wait

    @Override
    public Lane.Verdict admit(Send send) {
        DefaultProducerGroup<T> target = pick(group -> group.admission().tryTakeOver(send));
        if (target != null) {
            return target.tryRoute(send);
        }
        return groups.stream().anyMatch(DefaultProducerGroup::isLive) ? Lane.Verdict.FULL : Lane.Verdict.DOWN;
    }

    @Override
    public void handedOver() {
        lanes().forEach(Lane::flush);
    }

    @Override
    public @Nullable Throwable refusal(Send send) {
        boolean waiting = false;
        for (DefaultProducerGroup<T> group : groups) {
            Throwable refusal = group.refusal(send);
            if (refusal == null) {
                return null;
            }
            waiting |= refusal instanceof ProducerWaitingException;
        }
        return waiting
                ? new ProducerWaitingException(settings.topic() + ": its producers wait for exclusive access")
                : unavailable("has no partition that can take it");
    }

    private NoProducersAvailableException unavailable(String how) {
        return new NoProducersAvailableException(settings.name() + " " + how, causes());
    }

    @Override
    public Throwable expired(Send send) {
        return unavailable("had no partition that could take the message within its timeout");
    }

    @Override
    public void failed(Send send, Throwable cause) {
        intake().refuse(send, cause);
    }

    @Override
    void dismiss() {
        groups.forEach(DefaultProducerGroup::dismiss);
        lobby.failAll(this::stopped);
    }

    // ---- its life

    @Override
    Life life() {
        return life;
    }

    private List<ChildSpec> childSpecs() {
        return groups.stream()
                .map(group -> ChildSpec.of(group.getTopic(), group.life()::start))
                .toList();
    }

    private void changed() {
        lobby.askForRound();
        tellReadiness();
    }

    @Override
    void tick() {
        groups.forEach(DefaultProducerGroup::tick);
    }

    @Override
    void restartChildren() {
        groups.forEach(DefaultProducerGroup::restartChildren);
    }

    @Override
    List<DefaultProducerGroup<T>> parts() {
        return groups;
    }

    @Override
    List<Throwable> causes() {
        List<Throwable> causes = new ArrayList<>();
        groups.forEach(group -> causes.addAll(group.causes()));
        Throwable own = life.lastCause();
        if (causes.isEmpty() && own != null) {
            causes.add(own);
        }
        return causes;
    }

    @Override
    @Nullable
    NoProducersAvailableException hopeless() {
        return switch (state()) {
            case DOWN, FAILED -> unavailable("is " + state());
            case STOPPING, STOPPED -> stopped();
            case STARTING, READY, DEGRADED, RESTARTING -> null;
        };
    }

    // ---- looking

    @Override
    public String getTopic() {
        return settings.topic();
    }

    @Override
    public GroupState state() {
        return life.state(combined());
    }

    /** The state of the whole while it runs. */
    private GroupState combined() {
        Set<GroupState> states = EnumSet.noneOf(GroupState.class);
        groups.forEach(group -> states.add(group.state()));
        if (states.size() == 1) {
            return states.iterator().next();
        }
        if (states.contains(GroupState.READY) || states.contains(GroupState.DEGRADED)) {
            return GroupState.DEGRADED;
        }
        return states.contains(GroupState.RESTARTING) ? GroupState.RESTARTING : GroupState.STARTING;
    }

    @Override
    public Snapshot.Topic snapshot() {
        return new Snapshot.Topic(
                settings.name(),
                settings.topic(),
                state(),
                Optional.ofNullable(life.lastCause()),
                life.restarts(),
                groups.stream().map(DefaultProducerGroup::groupSnapshot).toList());
    }

    @Override
    Reserve reserve() {
        return groups.stream().map(DefaultProducerGroup::reserve).reduce(Reserve.NONE, Reserve::plus);
    }

    @Override
    public List<Snapshot.Producer> producers() {
        return alive(snapshot().groups());
    }

    @Override
    public Map<String, ProducerGroup<T>> partitionGroups() {
        return groupsByTopic;
    }

    @Override
    public int getNumOfPartitions() {
        return groups.size();
    }

    @Override
    LaneCounters counters() {
        return counters;
    }

    @Override
    List<Lane> lanes() {
        return groups.stream().flatMap(group -> group.lanes().stream()).toList();
    }
}
