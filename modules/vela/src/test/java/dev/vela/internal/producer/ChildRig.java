package dev.vela.internal.producer;

import dev.vela.InFlightPolicy;
import dev.vela.ProducerState;
import dev.vela.internal.lane.Admission;
import dev.vela.internal.lane.Budget;
import dev.vela.internal.lane.Buffers;
import dev.vela.internal.lane.Completions;
import dev.vela.internal.lane.IdleRouter;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.LaneContext;
import dev.vela.internal.lane.LaneCounters;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.OpenSends;
import dev.vela.internal.lane.Pace;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.WaitingQueue;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.ScriptedPublisher;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.TestSettings;
import dev.vela.internal.scheduling.ManualScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/** One slot with its lane, and an owner of its children that does what the test says; on a manual scheduler. */
final class ChildRig implements ProducerOperations {

    static final Duration TICK = Duration.ofSeconds(1);
    static final Duration LIMIT = TestSettings.DISCONNECTED_LIMIT;
    static final Duration REFUSED_RETRY = TestSettings.REFUSED_RETRY;

    /** Draws what is neither more nor less. */
    private static final RandomGenerator MIDDLE = () -> Long.MIN_VALUE;

    final ManualScheduler scheduler = new ManualScheduler();
    final Budget runtime = new Budget("runtime", 1000, 1 << 20, new RoomSignal());
    final Budget own = new Budget("own", 1000, 1 << 20, new RoomSignal());
    final OpenSends openSends = new OpenSends();
    final Lane lane;
    final ProducerSlot slot;

    /** The states that the slot went through, each with its cause if it had one. */
    final List<String> moves = new ArrayList<>();

    /** The names under which producers were asked for. */
    final List<String> created = new ArrayList<>();

    /** The access that they were to ask for. */
    final List<ProducerAccessMode> asked = new ArrayList<>();

    final List<EntryPublisher> closed = new ArrayList<>();
    final List<Integer> backoffs = new ArrayList<>();

    private final ProducerSettings<byte[]> settings;
    private final Admission admission = new Admission(runtime, own);
    private final Deque<CompletableFuture<EntryPublisher>> creations = new ArrayDeque<>();
    private final Deque<CompletableFuture<Integer>> lookUps = new ArrayDeque<>();
    private int lookUpsAsked;
    private ProducerChild child;

    ChildRig(ProducerAccessMode accessMode) {
        this(accessMode, InFlightPolicy.REPORT);
    }

    ChildRig(ProducerAccessMode accessMode, InFlightPolicy policy) {
        settings = TestSettings.of(accessMode, policy);
        LaneContext laneContext = new LaneContext(
                -1,
                scheduler,
                new WaitingQueue(scheduler, new IdleRouter()),
                new Completions(Runnable::run),
                new LaneCounters(-1, null),
                admission,
                null,
                policy,
                UnaryOperator.identity(),
                Schema.BYTES,
                new Buffers(0),
                new Pace(),
                false);
        lane = new Lane("group-0", laneContext, (publisher, cause) -> child.died(publisher, cause));
        slot = new ProducerSlot("topic", 0, lane, accessMode);
        child = newChild();
    }

    /** Another life in the same slot, which deaths are told to from now on. */
    ProducerChild newChild() {
        child = new ProducerChild(this, slot, settings, scheduler);
        return child;
    }

    ProducerChild child() {
        return child;
    }

    // ---- what the owner is to answer

    /** Answers the next creation, after those scripted before, with this producer. */
    ScriptedPublisher thenCreate() {
        return thenCreate(new ScriptedPublisher());
    }

    ScriptedPublisher thenCreate(ScriptedPublisher publisher) {
        creations.add(CompletableFuture.completedFuture(publisher));
        return publisher;
    }

    void thenFailToCreate(Throwable cause) {
        creations.add(CompletableFuture.failedFuture(cause));
    }

    /** Leaves the next creation to the test. */
    CompletableFuture<EntryPublisher> thenHoldCreation() {
        CompletableFuture<EntryPublisher> held = new CompletableFuture<>();
        creations.add(held);
        return held;
    }

    /** Leaves the next look-up to the test. */
    CompletableFuture<Integer> thenHoldLookUp() {
        CompletableFuture<Integer> held = new CompletableFuture<>();
        lookUps.add(held);
        return held;
    }

    // ---- what the test does

    /** Starts the child with a producer that is ready. */
    ScriptedPublisher ready() {
        ScriptedPublisher publisher = thenCreate();
        start();
        moves.clear();
        return publisher;
    }

    void start() {
        child.start(Duration.ZERO);
        run();
    }

    void run() {
        scheduler.runPending();
    }

    void advance(Duration duration) {
        scheduler.advance(duration);
    }

    /** Lets time pass in ticks, and has the child look after its producer at each. */
    void tick(int times) {
        for (int i = 0; i < times; i++) {
            scheduler.advance(TICK);
            child.tick();
            run();
        }
    }

    ProducerState state() {
        return slot.state();
    }

    /** A message that was let in and offered to the lane. */
    Send offered() {
        return offered(OfferResult.TAKEN);
    }

    /** One with a timeout of its own. */
    Send offered(Duration timeout) {
        return offered(OfferResult.TAKEN, timeout);
    }

    Send offered(OfferResult expected) {
        return offered(expected, Duration.ofMinutes(5));
    }

    private Send offered(OfferResult expected, Duration timeout) {
        Send send = new Send(Messages.ofSize(10), 0, timeout, false, openSends);
        send.acceptAt(scheduler.nanoTime());
        OfferResult verdict = lane.offer(send);
        if (verdict != expected) {
            throw new AssertionError("expected " + expected + ", was " + verdict);
        }
        return send;
    }

    boolean holdsNothing() {
        return runtime.messages() == 0 && runtime.bytes() == 0 && own.messages() == 0 && own.bytes() == 0;
    }

    int lookUpsAsked() {
        return lookUpsAsked;
    }

    /** What the child ended with: null if normally; fails if it has not ended. */
    @Nullable
    Throwable exit() {
        CompletableFuture<Void> exit = child.exit().toCompletableFuture();
        if (!exit.isDone()) {
            throw new AssertionError("has not ended");
        }
        return exit.handle((done, failure) -> failure).join();
    }

    boolean hasEnded() {
        return child.exit().toCompletableFuture().isDone();
    }

    // ---- the owner

    @Override
    public CompletableFuture<EntryPublisher> create(String producerName, ProducerAccessMode accessMode) {
        created.add(producerName);
        asked.add(accessMode);
        CompletableFuture<EntryPublisher> next = creations.poll();
        return next == null ? new CompletableFuture<>() : next;
    }

    @Override
    public CompletableFuture<Integer> lookUp() {
        lookUpsAsked++;
        CompletableFuture<Integer> next = lookUps.poll();
        return next == null ? CompletableFuture.completedFuture(0) : next;
    }

    @Override
    public CompletableFuture<Void> close(EntryPublisher publisher) {
        closed.add(publisher);
        return publisher.closeAsync();
    }

    @Override
    public CompletableFuture<@Nullable Throwable> probe(EntryPublisher publisher) {
        return CompletableFuture.completedFuture(publisher.terminalCause());
    }

    @Override
    public Duration backoff(int failures) {
        backoffs.add(failures);
        return Duration.ofMillis(100L << failures);
    }

    @Override
    public Duration refusedBackoff(int refusals) {
        return settings.refusedBackoff().delay(refusals, MIDDLE);
    }

    @Override
    public void transition(ProducerSlot moved, ProducerState to, @Nullable Throwable cause) {
        moved.transitionTo(to, cause);
        moves.add(cause == null ? to.toString() : to + ": " + cause.getMessage());
    }
}
