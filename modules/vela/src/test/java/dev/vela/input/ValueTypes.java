package dev.vela.input;

import static dev.vela.input.BadValues.GREATEST;
import static dev.vela.input.BadValues.LEAST;
import static dev.vela.input.BadValues.YEARS_300;

import dev.vela.Backoff;
import dev.vela.Batching;
import dev.vela.ChildSpec;
import dev.vela.HandleState;
import dev.vela.KeyHash;
import dev.vela.Outcome;
import dev.vela.ProducerState;
import dev.vela.VelaEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/** The rows of the types that hold values: no runtime is needed for any of them. */
final class ValueTypes {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final ChildSpec.Starter STARTER = CompletableFuture::new;
    private static final String AS_ANY_THROWABLE = "a Throwable needs no message";
    private static final String ONLY_READ = "Vela makes it, and an observation is never refused";

    private ValueTypes() {}

    static Stream<Call> calls() {
        return Stream.of(backoff(), batching(), childSpec(), keyHash(), observations(), exceptions())
                .flatMap(calls -> calls);
    }

    private static Stream<Call> backoff() {
        return Stream.of(
                growing(new Call("Backoff.new(Duration, Duration, double, double)", none(), SECOND, SECOND, 2.0, 0.2)
                        .names("initial", "max", "", "")
                        .refuses(2, -1.0, "multiplier must be finite and >= 1, was -1.0")
                        .refuses(2, 0.0, "multiplier must be finite and >= 1, was 0.0")
                        .refuses(2, Double.NaN, "multiplier must be finite and >= 1, was NaN")
                        .refuses(2, Double.POSITIVE_INFINITY, "multiplier must be finite and >= 1, was Infinity")
                        .refuses(3, -1.0, "jitter must be in [0, 1], was -1.0")
                        .accepts(3, 0.0, "no jitter")
                        .accepts(3, 1.0, "from nothing to double")
                        .refuses(3, Double.NaN, "jitter must be in [0, 1], was NaN")
                        .refuses(3, Double.POSITIVE_INFINITY, "jitter must be in [0, 1], was Infinity")),
                growing(new Call("Backoff.exponential(Duration, Duration)", none(), SECOND, SECOND)
                        .names("initial", "max")),
                new Call("Backoff.delay(int, RandomGenerator)", of(Backoff.exponential(SECOND, SECOND)), 0, random())
                        .names("", "random")
                        .atLeast(0, "attempt", 0, "it costs no more than the first"),
                new Call("RestartIntensity.new(int, Duration)", none(), 1, SECOND)
                        .names("", "period")
                        .atLeast(0, "maxRestarts", 0, "it never gives up")
                        .duration(1, "period", false),
                new Call("RestartIntensity.of(int, Duration)", none(), 1, SECOND)
                        .names("", "period")
                        .atLeast(0, "maxRestarts", 0, "it never gives up")
                        .duration(1, "period", false));
    }

    private static Call growing(Call call) {
        return call.duration(0, "initial", true)
                .refuses(0, Duration.ofDays(36_500), "max must be >= initial (36500 days), was 1 s")
                .duration(1, "max", true)
                .refuses(1, Duration.ZERO, "max must be >= initial (1 s), was 0 s")
                .refuses(1, Duration.ofMillis(200), "max must be >= initial (1 s), was 200 ms");
    }

    private static Random random() {
        return new Random(1);
    }

    private static Stream<Call> batching() {
        Function<World, List<?>> defaults = of(Batching.defaults());
        return Stream.of(
                bytes(
                        1,
                        messages(
                                0,
                                interval(
                                        2,
                                        new Call(
                                                        "Batching.new(int, int, Duration, Flush, boolean)",
                                                        none(),
                                                        2,
                                                        1024,
                                                        SECOND,
                                                        Batching.Flush.WHEN_IDLE,
                                                        true)
                                                .names("", "", "flushInterval", "flush", "")))),
                messages(0, new Call("Batching.withMaxMessages(int)", defaults, 2)),
                bytes(0, new Call("Batching.withMaxBytes(int)", defaults, 1024)),
                interval(0, new Call("Batching.withFlushInterval(Duration)", defaults, SECOND).names("flushInterval")),
                new Call("Batching.withFlush(Flush)", defaults, Batching.Flush.WHEN_IDLE).names("flush"));
    }

    private static Call messages(int parameter, Call call) {
        return call.atLeast(parameter, "maxMessages", 2, "the entry is full of bytes before")
                .refuses(parameter, 1, "maxMessages must be >= 2, was 1");
    }

    private static Call bytes(int parameter, Call call) {
        return call.inRange(parameter, "maxBytes", 128, 4_194_304);
    }

    private static Call interval(int parameter, Call call) {
        String rule = "flushInterval must be in [1 ms, 1 min], was ";
        return call.refuses(parameter, Duration.ofNanos(-1), rule + "-1 ns")
                .refuses(parameter, LEAST, rule + "-9223372036854775808 s")
                .refuses(parameter, Duration.ZERO, rule + "0 s")
                .refuses(parameter, Duration.ofMillis(1).minusNanos(1), rule + "999999 ns")
                .refuses(parameter, Duration.ofMillis(60_001), rule + "60001 ms")
                .refuses(parameter, YEARS_300, rule + "109500 days")
                .refuses(parameter, GREATEST, rule + "9223372036854775807 s");
    }

    private static Stream<Call> childSpec() {
        Function<World, List<?>> spec = of(ChildSpec.of("child", STARTER));
        return Stream.of(
                new Call("ChildSpec.of(String, Starter)", none(), "child", STARTER)
                        .names("id", "starter")
                        .notBlank(0),
                new Call("ChildSpec.withId(String)", spec, "other").names("id").notBlank(0),
                new Call("ChildSpec.withRestart(Restart)", spec, ChildSpec.Restart.TEMPORARY).names("restart"),
                new Call("ChildSpec.withShutdown(Duration)", spec, SECOND)
                        .names("shutdown")
                        .duration(0, "shutdown", true));
    }

    private static Stream<Call> keyHash() {
        Function<World, List<?>> all = world -> List.of(KeyHash.values());
        String why = "a key of nothing is a key like any other";
        return Stream.of(
                new Call("KeyHash.hash(byte[])", all, new byte[] {1})
                        .names("key")
                        .accepts(0, new byte[0], why),
                new Call("KeyHash.hash(String)", all, "k").names("key").acceptsAll(0, String.class, why),
                new Call("KeyHash.partition(byte[], int)", all, new byte[] {1}, 3)
                        .names("key", "")
                        .accepts(0, new byte[0], why)
                        .atLeast(1, "partitions", 1, "it is a remainder"),
                new Call("KeyHash.partition(String, int)", all, "k", 3)
                        .names("key", "")
                        .acceptsAll(0, String.class, why)
                        .atLeast(1, "partitions", 1, "it is a remainder"));
    }

    private static Stream<Call> observations() {
        Optional<Throwable> cause = Optional.empty();
        return Stream.of(
                observation("SendObserver.Attempt.new(String, int, long, int)", "p", 0, 0L, 1)
                        .names("producer", "", "", ""),
                observation("Snapshot.new(List, long, long, long, long)", List.of(), 0L, 0L, 0L, 0L)
                        .names("topics", "", "", "", ""),
                observation(
                                "Snapshot.Topic.new(String, String, HandleState, Instant, Optional, int, int, int, long, long, List)",
                                "n",
                                "t",
                                HandleState.READY,
                                Instant.EPOCH,
                                cause,
                                0,
                                0,
                                0,
                                0L,
                                0L,
                                List.of())
                        .names("name", "topic", "state", "since", "lastCause", "", "", "", "", "", "groups"),
                observation(
                                "Snapshot.Group.new(String, HandleState, Optional, int, int, long, long, long, long, long, List)",
                                "t",
                                HandleState.READY,
                                cause,
                                0,
                                0,
                                0L,
                                0L,
                                0L,
                                0L,
                                0L,
                                List.of())
                        .names("topic", "state", "lastCause", "", "", "", "", "", "", "", "producers"),
                observation(
                                "Snapshot.Producer.new(String, String, int, ProducerState, Instant, Optional, int, int, Duration, Optional)",
                                "n",
                                "t",
                                0,
                                ProducerState.READY,
                                Instant.EPOCH,
                                cause,
                                0,
                                0,
                                SECOND,
                                Optional.of("b"))
                        .names("name", "topic", "", "state", "since", "lastCause", "", "", "oldestInFlight", "broker"),
                new Call("Snapshot.causeText(Throwable)", none(), new AssertionError()).names("cause"),
                observation(
                                "VelaEvent.new(Type, Instant, String, String, Optional, Optional)",
                                VelaEvent.Type.READY,
                                Instant.EPOCH,
                                "n",
                                "t",
                                Optional.of("p"),
                                cause)
                        .names("type", "time", "name", "topic", "producer", "cause"));
    }

    private static Call observation(String signature, Object... good) {
        Call call = new Call(signature, none(), good);
        String[] listNames = {"topics", "groups", "producers"};
        int lists = signature.startsWith("Snapshot.new") ? 0 : signature.startsWith("Snapshot.Topic") ? 1 : 2;
        for (int i = 0; i < good.length; i++) {
            Class<?> type = typeOf(good[i]);
            call.acceptsAll(i, type, ONLY_READ);
            if (type == List.class) {
                call.refuses(NullPointerException.class, i, Collections.singletonList(null), listNames[lists]);
            }
        }
        return call;
    }

    private static Class<?> typeOf(Object good) {
        return good instanceof List
                ? List.class
                : good instanceof Integer ? int.class : good instanceof Long ? long.class : good.getClass();
    }

    private static Stream<Call> exceptions() {
        IllegalStateException cause = new IllegalStateException("cause");
        return Stream.of(
                new Call("AlreadyStartedException.new(SupervisedProducer)", none(), "not used: its one argument is bad")
                        .names("existing"),
                messageOf(new Call("BudgetExceededException.new(String)", none(), "full")),
                messageOf(new Call("MessageRejectedException.new(String, Throwable)", none(), "bad", cause)
                        .accepts(1, null, "there may be no cause")),
                messageOf(new Call("NoProducersAvailableException.new(String, List)", none(), "none", List.of(cause))
                        .names("", "causes")
                        .accepts(1, List.of(), "no cause may be known")
                        .refuses(NullPointerException.class, 1, Collections.singletonList(null), "causes")),
                messageOf(new Call("ProducerWaitingException.new(String)", none(), "waits")),
                messageOf(new Call("ProducerDiedException.new(String, Throwable)", none(), "died", cause)
                        .accepts(1, null, "the cause may not be known")),
                messageOf(new Call(
                                "SendFailedException.new(String, Outcome, Throwable)",
                                none(),
                                "failed",
                                Outcome.UNKNOWN,
                                cause)
                        .names("", "outcome", "")
                        .accepts(2, null, "the cause may not be known")),
                messageOf(new Call("SendTimeoutException.new(String)", none(), "late")),
                new Call("Outcome.of(Throwable)", none(), cause).names("failure"));
    }

    private static Call messageOf(Call call) {
        return call.accepts(0, null, AS_ANY_THROWABLE).acceptsAll(0, String.class, AS_ANY_THROWABLE);
    }

    /** What is static needs no object. */
    static Function<World, List<?>> none() {
        return world -> Collections.singletonList(null);
    }

    private static Function<World, List<?>> of(Object subject) {
        return world -> List.of(subject);
    }
}
