package dev.vela.input;

import static dev.vela.input.ValueTypes.none;

import dev.vela.NoProducersAvailableException;
import dev.vela.SendCallback;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;

/** The rows of handles, and of messages under construction. */
final class Handles {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final SendCallback CALLBACK = (receipt, failure) -> {};
    private static final Function<World, List<?>> HANDLES = World::handles;
    private static final Function<World, List<?>> MESSAGES = World::messages;
    private static final String STOPPED = " takes no messages: ";
    private static final String AS_OFFICIAL = "as with the official client";

    private Handles() {}

    static Stream<Call> calls() {
        return Stream.of(sends(), transactions(), lifecycle(), looking(), messages(), times(), configuration())
                .flatMap(calls -> calls);
    }

    private static Call onHandle(String signature, Object... good) {
        return new Call(signature, HANDLES, good);
    }

    private static Call onMessage(String signature, Object... good) {
        return new Call("SupervisedMessageBuilder." + signature, MESSAGES, good);
    }

    private static Stream<Call> sends() {
        String noValue = "a message without a value, which compacts its key away";
        return Stream.of(
                onHandle("Producer.send(Object)", "v")
                        .accepts(0, null, noValue)
                        .failsAfterClose(NoProducersAvailableException.class, STOPPED),
                onHandle("Producer.sendAsync(Object)", "v")
                        .accepts(0, null, noValue)
                        .failsAfterClose(NoProducersAvailableException.class, STOPPED),
                onHandle("SupervisedProducer.sendAsync(Object, SendCallback)", "v", CALLBACK)
                        .names("", "callback")
                        .accepts(0, null, noValue)
                        .worksAfterClose("the callback is told"),
                onMessage("sendAsync(SendCallback)", CALLBACK)
                        .names("callback")
                        .worksAfterClose("the callback is told"),
                new Call("TypedMessageBuilder.send()", MESSAGES)
                        .failsAfterClose(NoProducersAvailableException.class, STOPPED),
                new Call("TypedMessageBuilder.sendAsync()", MESSAGES)
                        .failsAfterClose(NoProducersAvailableException.class, STOPPED));
    }

    private static Stream<Call> transactions() {
        Transaction foreign = (Transaction) Proxy.newProxyInstance(
                Handles.class.getClassLoader(), new Class<?>[] {Transaction.class}, (proxy, method, arguments) -> null);
        String rule = "txn must be a transaction of the official client, was "
                + foreign.getClass().getName();
        return Stream.of(
                onHandle("SupervisedProducer.newMessage()").worksAfterClose("its send says it"),
                onHandle("SupervisedProducer.newMessage(Schema)", Schema.STRING)
                        .names("schema")
                        .worksAfterClose("its send says it"),
                onHandle("SupervisedProducer.newMessage(Transaction)", foreign)
                        .names("txn")
                        .refuses(0, foreign, rule)
                        .failsAfterClose(IllegalArgumentException.class, rule),
                onHandle("SupervisedProducer.newMessage(Schema, Transaction)", Schema.STRING, foreign)
                        .names("schema", "txn")
                        .refuses(1, foreign, rule)
                        .failsAfterClose(IllegalArgumentException.class, rule));
    }

    private static Stream<Call> lifecycle() {
        return Stream.of(
                onHandle("SupervisedProducer.awaitReady(Duration)", Duration.ofMillis(1))
                        .names("timeout")
                        .duration(0, "timeout", false)
                        .without(0, Duration.ofDays(36_500)) // it would wait for as long
                        .failsAfterClose(NoProducersAvailableException.class, STOPPED),
                onHandle("SupervisedProducer.awaitUsable(Duration)", Duration.ofMillis(1))
                        .names("timeout")
                        .duration(0, "timeout", false)
                        .without(0, Duration.ofDays(36_500)) // it would wait for as long
                        .failsAfterClose(NoProducersAvailableException.class, STOPPED),
                onHandle("SupervisedProducer.stop(Duration)", Duration.ZERO)
                        .names("drain")
                        .duration(0, "drain", true)
                        .worksAfterClose("it waits for the first stop"),
                onHandle("SupervisedProducer.stopAsync(Duration)", Duration.ZERO)
                        .names("drain")
                        .duration(0, "drain", true)
                        .worksAfterClose("it waits for the first stop"),
                onHandle("SupervisedProducer.close()").worksAfterClose("it waits for the first stop"),
                onHandle("SupervisedProducer.closeAsync()").worksAfterClose("it waits for the first stop"),
                onHandle("SupervisedProducer.restart()")
                        .failsAfterClose(IllegalStateException.class, " was stopped: start it anew"),
                onHandle("SupervisedProducer.flush()").worksAfterClose("nothing is open"),
                onHandle("SupervisedProducer.flushAsync()").worksAfterClose("nothing is open"));
    }

    private static Stream<Call> looking() {
        Stream<Call> getters = Stream.of(
                        "name",
                        "state",
                        "snapshot",
                        "producers",
                        "getTopic",
                        "getProducerName",
                        "getLastSequenceId",
                        "getStats",
                        "isConnected",
                        "getLastDisconnectedTimestamp",
                        "getNumOfPartitions")
                .map(name ->
                        onHandle("SupervisedProducer." + name + "()").worksAfterClose("it says what it last knew"));
        return Stream.concat(
                getters,
                Stream.of(
                        new Call("PartitionedProducer.partitionGroups()", world -> List.of(world.partitioned))
                                .worksAfterClose("the groups stay where they are"),
                        new Call("SupervisedProducer.isDuplicate(MessageId)", none(), (Object) null)
                                .accepts(0, null, "a message that failed has no receipt")));
    }

    private static Stream<Call> messages() {
        String noKey = "a key that is null, " + AS_OFFICIAL;
        return Stream.of(
                        onMessage("timeout(Duration)", SECOND).names("timeout").duration(0, "timeout", false),
                        onMessage("key(String)", "k")
                                .accepts(0, null, noKey)
                                .acceptsAll(0, String.class, "a key like any other"),
                        onMessage("keyBytes(byte[])", (Object) new byte[] {1})
                                .accepts(0, null, noKey)
                                .accepts(0, new byte[0], "a key like any other"),
                        onMessage("orderingKey(byte[])", (Object) new byte[] {1})
                                .names("orderingKey")
                                .accepts(0, new byte[0], AS_OFFICIAL),
                        onMessage("value(Object)", "v").accepts(0, null, "a message without a value"),
                        onMessage("property(String, String)", "n", "v")
                                .names("name", "value")
                                .acceptsAll(0, String.class, AS_OFFICIAL)
                                .acceptsAll(1, String.class, AS_OFFICIAL),
                        onMessage("properties(Map)", Map.of("n", "v"))
                                .names("properties")
                                .accepts(0, Map.of(), "none")
                                .refuses(NullPointerException.class, 0, Collections.singletonMap(null, "v"), "name")
                                .refuses(NullPointerException.class, 0, Collections.singletonMap("k", null), "value"),
                        onMessage("sequenceId(long)", 1L)
                                .atLeastLong(0, "sequenceId", 0, "replaced below")
                                .refuses(0, Long.MIN_VALUE, sequenceId(Long.MIN_VALUE))
                                .refuses(0, -1L, sequenceId(-1))
                                .refuses(0, Long.MAX_VALUE, sequenceId(Long.MAX_VALUE))
                                .accepts(0, Long.MAX_VALUE / 2, "as many are left for what comes after it"),
                        onMessage("replicationClusters(List)", List.of("a"))
                                .names("clusters")
                                .accepts(0, List.of(), "what the namespace says")
                                .refuses(NullPointerException.class, 0, Collections.singletonList(null), "clusters")
                                .refuses(0, List.of("a", " "), "clusters must not be blank, was \" \""),
                        onMessage("disableReplication()"))
                .map(call -> call.worksAfterClose("its send says it"));
    }

    private static String sequenceId(long value) {
        return "sequenceId must be in [0, 4611686018427387903], was " + value;
    }

    private static Stream<Call> times() {
        String far = "the time is far, but there is one";
        return Stream.of(
                        instant("eventTime(Instant)", "-292275055-05-16T16:47:04.192Z")
                                .accepts(0, Instant.ofEpochMilli(-1), "people were born before 1970"),
                        instant("deliverAt(Instant)", "1970-01-01T00:00:00Z")
                                .refuses(
                                        0,
                                        Instant.ofEpochMilli(-1),
                                        "time must be in [1970-01-01T00:00:00Z, +292278994-08-17T07:12:55.807Z],"
                                                + " was 1969-12-31T23:59:59.999Z"),
                        onMessage("eventTime(long)", 1L)
                                .accepts(0, Long.MIN_VALUE, far)
                                .accepts(0, -1L, "people were born before 1970")
                                .accepts(0, 0L, "the first second of 1970")
                                .accepts(0, Long.MAX_VALUE, far),
                        onMessage("deliverAt(long)", 1L)
                                .atLeastLong(0, "timestamp", 0, far)
                                .accepts(0, 1L, "what is past is delivered at once"),
                        onMessage("deliverAfter(Duration)", SECOND)
                                .names("delay")
                                .accepts(0, BadValues.LEAST, "at once")
                                .accepts(0, Duration.ofNanos(-1), "at once")
                                .accepts(0, Duration.ZERO, "at once")
                                .accepts(0, Duration.ofDays(36_500), "100 years")
                                .refuses(0, BadValues.YEARS_300, "delay must be at most 100 years, was 109500 days")
                                .refuses(
                                        0,
                                        BadValues.GREATEST,
                                        "delay must be at most 100 years, was 9223372036854775807 s"),
                        onMessage("deliverAfter(long, TimeUnit)", 1L, TimeUnit.DAYS)
                                .names("", "unit")
                                .accepts(0, Long.MIN_VALUE, "at once")
                                .accepts(0, -1L, "at once")
                                .accepts(0, 0L, "at once")
                                .accepts(0, 36_500L, "100 years")
                                .refuses(0, 36_501L, delay(36_501))
                                .refuses(0, Long.MAX_VALUE, delay(Long.MAX_VALUE)))
                .map(call -> call.worksAfterClose("its send says it"));
    }

    private static String delay(long days) {
        return "delay must be at most 100 years, was " + days + " DAYS";
    }

    private static Call instant(String signature, String earliest) {
        String rule = "time must be in [" + earliest + ", +292278994-08-17T07:12:55.807Z], was ";
        return onMessage(signature, Instant.EPOCH)
                .names("time")
                .refuses(0, Instant.MIN, rule + Instant.MIN)
                .accepts(0, Instant.EPOCH, "the first of 1970")
                .refuses(0, Instant.MAX, rule + Instant.MAX);
    }

    private static Stream<Call> configuration() {
        String keys = "config must have no keys but those that TypedMessageBuilder names CONF_, was \"";
        return Stream.of(onMessage("loadConf(Map)", Map.of("key", "k"))
                .names("config")
                .accepts(0, Map.of(), "nothing is set")
                .refuses(NullPointerException.class, 0, Collections.singletonMap(null, "v"), "config")
                .refuses(0, Collections.singletonMap("k", null), keys + "k\"")
                .refuses(NullPointerException.class, 0, Collections.singletonMap("key", null), "key")
                .refuses(0, Map.of("key", 1), "key must be a String, was 1, a Integer")
                .refuses(0, Map.of("eventTime", 1), "eventTime must be a Long, was 1, a Integer")
                .accepts(0, Map.of("eventTime", -1L), "people were born before 1970")
                .refuses(0, Map.of("sequenceId", -1L), sequenceId(-1))
                .refuses(0, Map.of("properties", Map.of("n", 1)), "properties must be a String, was 1, a Integer")
                .refuses(0, Map.of("replicationClusters", List.of("")), "clusters must not be blank, was \"\"")
                .refuses(
                        NullPointerException.class,
                        0,
                        Map.of("replicationClusters", Arrays.asList("a", null)),
                        "replicationClusters")
                .refuses(
                        0,
                        Map.of("disableReplication", "yes"),
                        "disableReplication must be a Boolean, was \"yes\", a String")
                .refuses(
                        0,
                        Map.of("deliverAfterSeconds", Long.MAX_VALUE),
                        "delay must be at most 100 years, was 9223372036854775807 SECONDS")
                .refuses(0, Map.of("deliverAt", -1L), "timestamp must be >= 0, was -1")
                .worksAfterClose("its send says it"));
    }
}
