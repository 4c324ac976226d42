package dev.vela.internal.handle;

import dev.vela.BudgetExceededException;
import dev.vela.GroupState;
import dev.vela.NoProducersAvailableException;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.ProducerWaitingException;
import dev.vela.Snapshot;
import dev.vela.internal.lane.Admission;
import dev.vela.internal.lane.Budget;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.LaneContext;
import dev.vela.internal.lane.LaneCounters;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.Reserve;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.WaitingQueue;
import dev.vela.internal.producer.ProducerChildren;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.pulsar.Topics;
import dev.vela.internal.runtime.CallbackShare;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.RuntimeResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/** The handle of one topic's group, or of one partition's. */
public final class GroupHandle<T> extends Handle<T>
        implements ProducerGroup<T>, WaitingQueue.Router, PartitionGrowth.Partition {
    private final String topic;
    private final RoomSignal room;
    private final Admission admission;
    private final LaneCounters counters = new LaneCounters();
    private final WaitingQueue lobby;
    private final TransactionQueues transactions;
    private final ProducerChildren<T> producers;
    private final Lifecycle life;
    private final Whole whole;

    /** What a group is a part of. */
    interface Whole {
        /** Where its callbacks run. */
        CallbackShare callbacks(RuntimeResources engine);

        /** Anything about the group changed. On the control thread. */
        void changed();

        /** Takes messages without a key back, that any other partition may have. On the control thread. */
        void takeBack(List<Send> sends, OfferResult verdict);
    }

    /** The whole of a group that is not a part of anything. */
    public static final Whole NONE = new Whole() {
        @Override
        public CallbackShare callbacks(RuntimeResources engine) {
            return new CallbackShare(engine);
        }

        @Override
        public void changed() {}

        @Override
        public void takeBack(List<Send> sends, OfferResult verdict) {
            throw new IllegalStateException("messages of a group that stands alone are its own");
        }
    };

    /**
     * A group yet to be started.
     *
     * @param topic the topic, or the partition's topic
     * @param namePrefix what its producers' names begin with
     * @param nameSuffix what they end with
     * @param room where room in its budget is announced
     * @param whole what it is a part of, or {@link #NONE}
     */
    public GroupHandle(
            RuntimeResources engine,
            ProducerSettings<T> settings,
            Owner owner,
            String topic,
            String namePrefix,
            String nameSuffix,
            RoomSignal room,
            Whole whole) {
        super(engine, settings, owner, whole.callbacks(engine));
        this.topic = topic;
        this.room = room;
        this.whole = whole;
        Budget own = settings.budget("the budget of " + topic, room);
        this.admission =
                whole == NONE ? new Admission(engine.budget(), own) : Admission.ofPartition(engine.budget(), own);
        this.lobby = new WaitingQueue(engine.control(), this);
        this.transactions = new TransactionQueues(this, engine.control());
        LaneContext laneSettings = new LaneContext(
                Topics.partition(topic),
                engine.control(),
                completions,
                counters,
                admission,
                settings.batching(),
                settings.inFlightPolicy(),
                settings.hooks().schema(),
                engine.buffers());
        this.producers = new ProducerChildren<>(
                engine,
                owner.calls(),
                settings,
                topic,
                namePrefix,
                nameSuffix,
                laneSettings,
                this::changed,
                this::takeBack);
        this.life = new Lifecycle(
                engine, settings, topic, settings.restartIntensity(), producers::childSpecs, this::changed);
    }

    // ---- sending

    @Override
    boolean tryTake(Send send) {
        return producers.tryTake(send, lobby);
    }

    @Override
    void take(Send send) throws PulsarClientException, InterruptedException {
        enter(send);
        route(send);
    }

    /** The same for a message of a transaction. */
    void takeIn(Transaction transaction, Send send) throws PulsarClientException, InterruptedException {
        enter(send);
        transactions.route(transaction, send);
    }

    private void enter(Send send) throws PulsarClientException, InterruptedException {
        if (!admission.tryEnter(send)) {
            Admission.admit(
                    send,
                    engine.budget(),
                    room,
                    () -> admission.tryAdmit(send),
                    engine.control(),
                    intake()::mustNotWait);
        }
    }

    /** Hands on a message that was let in, has it wait, or answers it. */
    void route(Send send) {
        OfferResult verdict = tryRoute(send);
        if (verdict == OfferResult.TAKEN) {
            return;
        }
        Throwable refusal = verdict == OfferResult.DOWN ? refusal(send) : null;
        if (refusal == null) {
            lobby.park(send);
        } else {
            turnAway(send, refusal);
        }
    }

    /** Answers a message that was let in. */
    void turnAway(Send send, Throwable cause) {
        lobby.turnAway(send, cause);
    }

    /** Hands on a message that was let in, unless others wait already: then it is as if the client's memory were full. */
    OfferResult tryRoute(Send send) {
        return producers.offer(send, lobby);
    }

    Admission admission() {
        return admission;
    }

    boolean isLive() {
        return producers.isLive();
    }

    /** Whether a message without a key would probably leave now: where others wait it would wait behind them. */
    boolean isHealthy() {
        return producers.isHealthy() && lobby.isEmpty();
    }

    /** Changes when an entry of any of its producers is closed. */
    long batchGeneration() {
        long sum = 0;
        for (Lane lane : producers.lanes()) {
            sum += lane.batchGeneration();
        }
        return sum;
    }

    @Override
    GroupHandle<T> transactionTarget(EncodedMessage message) {
        return this;
    }

    @Override
    int takenBack() {
        return lobby.takenBack();
    }

    @Override
    void unanswered(List<Send> into) {
        transactions.unanswered(into);
        lobby.unanswered(into);
        producers.lanes().forEach(lane -> lane.unanswered(into));
    }

    // ---- those that wait

    /** What was given to this handle, or has a key, waits here; the rest may go elsewhere. */
    private void takeBack(List<Send> sends, OfferResult verdict) {
        List<Send> own = new ArrayList<>();
        List<Send> anybodys = new ArrayList<>();
        for (Send send : sends) {
            (send.isOf(ledger) || send.message().hasKey() ? own : anybodys).add(send);
        }
        if (!own.isEmpty()) {
            lobby.takeBack(own, verdict);
        }
        if (!anybodys.isEmpty()) {
            whole.takeBack(anybodys, verdict);
        }
    }

    @Override
    public OfferResult admit(Send send) {
        return producers.offer(send, null);
    }

    @Override
    public void handedOver() {
        lanes().forEach(Lane::flush);
    }

    @Override
    public @Nullable Throwable refusal(Send send) {
        return switch (life.phase()) {
            case STARTING, BROKEN -> settings.failFast() ? unavailable("is not running yet") : null;
            case RUNNING -> refusalWhileRunning();
            case FAILED -> unavailable("failed");
            case STOPPED -> stopped();
        };
    }

    private @Nullable Throwable refusalWhileRunning() {
        if (producers.isLive()) {
            return null;
        }
        List<ProducerState> states = producers.states();
        if (states.stream().anyMatch(state -> state.isRecovering() || state.isAlive())) {
            return settings.failFast() ? unavailable("has no producer ready") : null;
        }
        if (states.contains(ProducerState.WAITING)) {
            return new ProducerWaitingException(topic + ": its producers wait for exclusive access");
        }
        return unavailable("is down");
    }

    private NoProducersAvailableException unavailable(String how) {
        String who = settings.name().equals(topic) ? topic : settings.name() + " on " + topic;
        return new NoProducersAvailableException(who + " " + how, causes());
    }

    @Override
    public Throwable expired(Send send) {
        BudgetExceededException full = producers.isLive() ? withoutMemory() : null;
        return full != null ? full : unavailable("had no producer within the message's timeout");
    }

    @Override
    public void failed(Send send, Throwable cause) {
        intake().refuse(send, cause);
    }

    @Override
    void dismissAll() {
        producers.lanes().forEach(lane -> lane.detach("was stopped", null));
        transactions.failAll();
        lobby.failAll(this::stopped);
    }

    // ---- its life

    @Override
    public Lifecycle life() {
        return life;
    }

    private void changed() {
        lobby.askForRound();
        tellReadiness();
        whole.changed();
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
    List<Throwable> causes() {
        List<Throwable> causes = producers.causes();
        Throwable own = life.lastCause();
        return causes.isEmpty() && own != null ? List.of(own) : causes;
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
        return topic;
    }

    @Override
    public GroupState state() {
        return life.state(producers.state());
    }

    @Override
    public boolean isReady() {
        GroupState state = state();
        return state == GroupState.READY || state == GroupState.DEGRADED;
    }

    @Override
    public Snapshot.Topic snapshot() {
        Snapshot.Group group = groupSnapshot();
        return new Snapshot.Topic(
                settings.name(), topic, group.state(), group.lastCause(), group.restarts(), 0, List.of(group));
    }

    /** What its lanes have taken of the budgets for messages yet to come. */
    @Override
    public Reserve reserve() {
        return producers.lanes().stream().map(Lane::reserve).reduce(Reserve.NONE, Reserve::plus);
    }

    Snapshot.Group groupSnapshot() {
        Budget budget = admission.own();
        Reserve reserve = reserve();
        return new Snapshot.Group(
                topic,
                state(),
                Optional.ofNullable(life.lastCause()),
                life.restarts(),
                transactions.size() + lobby.size(),
                Math.max(0, budget.messages() - reserve.messages()),
                Math.max(0, budget.bytes() - reserve.bytes()),
                producers.snapshot());
    }

    @Override
    LaneCounters counters() {
        return counters;
    }

    @Override
    List<Lane> lanes() {
        return producers.lanes();
    }

    @Override
    public List<Snapshot.Producer> producers() {
        return alive(List.of(groupSnapshot()));
    }

    @Override
    public int getNumOfPartitions() {
        return 0;
    }
}
