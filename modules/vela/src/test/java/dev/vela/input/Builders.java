package dev.vela.input;

import static dev.vela.input.ValueTypes.none;

import dev.vela.Backoff;
import dev.vela.Batching;
import dev.vela.ChildSpec;
import dev.vela.InFlightPolicy;
import dev.vela.KeyHash;
import dev.vela.RestartIntensity;
import dev.vela.Vela;
import dev.vela.VelaListener;
import dev.vela.VelaMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException.AlreadyClosedException;
import org.apache.pulsar.client.api.PulsarClientException.InvalidServiceURL;
import org.apache.pulsar.client.api.PulsarClientException.NotFoundException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TopicMetadata;

/** The rows of the runtime, and of what describes one or a producer. */
final class Builders {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Consumer<Object> NOTHING = Objects::requireNonNull;
    private static final VelaListener DEAF = event -> {};
    private static final Function<World, List<?>> VELA = World::runtime;
    private static final Function<World, List<?>> BUILDERS = World::builders;
    private static final String NO_SUCH_NAME = "nothing has such a name";
    private static final String CLOSED = "this Vela is closed";
    private static final String NO_LIMIT = "no limit";

    private Builders() {}

    /** A router. */
    private static final class FirstPartition implements MessageRouter {
        private static final long serialVersionUID = 1;

        @Override
        public int choosePartition(Message<?> message, TopicMetadata metadata) {
            return 0;
        }
    }

    static Stream<Call> calls() {
        return Stream.of(entrances(), velaBuilder(), vela(), management(), descriptions(), numbers(), starts())
                .flatMap(calls -> calls);
    }

    private static Stream<Call> entrances() {
        return Stream.of(
                new Call("Vela.on(PulsarClient)", none(), "not used: its one argument is bad").names("client"),
                new Call("Vela.supervise(PulsarClient)", none(), "not used: its one argument is bad").names("client"),
                new Call("Vela.isSupervised(PulsarClient)", none(), "not used: its one argument is bad")
                        .names("client"),
                new Call("Vela.connect(String)", none(), "pulsar://127.0.0.1:1")
                        .names("serviceUrl")
                        .notBlank(0)
                        .refuses(InvalidServiceURL.class, 0, "nonsense", badAddress("nonsense"))
                        .refuses(InvalidServiceURL.class, 0, "ftp://host:1", badAddress("ftp://host:1"))
                        .refuses(InvalidServiceURL.class, 0, "pulsar://h:65536", badAddress("pulsar://h:65536")));
    }

    private static String badAddress(String address) {
        return "serviceUrl must be an address such as pulsar://host:6650, was \"" + address + '"';
    }

    private static Call onVelaBuilder(String signature, Object... good) {
        return new Call("VelaBuilder." + signature, world -> List.of(Vela.builder()), good);
    }

    private static Stream<Call> velaBuilder() {
        return Stream.of(
                onVelaBuilder("client(PulsarClient)", "not used: its one argument is bad")
                        .names("client"),
                onVelaBuilder("serviceUrl(String)", "pulsar://h")
                        .names("serviceUrl")
                        .notBlank(0),
                onVelaBuilder("customizeClient(Consumer)", NOTHING).names("customizer"),
                onVelaBuilder("maxPendingMessages(int)", 1).atLeast(0, "maxPendingMessages", 1, NO_LIMIT),
                onVelaBuilder("maxPendingBytes(long)", 1L).atLeastLong(0, "maxPendingBytes", 1, NO_LIMIT),
                onVelaBuilder("restartIntensity(RestartIntensity)", RestartIntensity.of(1, SECOND))
                        .names("restartIntensity"),
                onVelaBuilder("restartIntensity(int, Duration)", 1, SECOND)
                        .names("", "period")
                        .atLeast(0, "maxRestarts", 0, "it never gives up")
                        .duration(1, "period", false),
                onVelaBuilder("linger(Duration)", SECOND).names("linger").duration(0, "linger", true),
                onVelaBuilder("customizeSupervised(BiConsumer)", (BiConsumer<Object, Object>) (topic, builder) -> {})
                        .names("customizer"),
                onVelaBuilder("jmx(boolean)", true).acceptsAll(0, boolean.class, "a switch"),
                onVelaBuilder("remoteRestart(boolean)", true).acceptsAll(0, boolean.class, "a switch"),
                onVelaBuilder("name(String)", "orders").names("name").notBlank(0),
                onVelaBuilder("metrics(VelaMetrics)", (VelaMetrics) (name, topic) -> new VelaMetrics.Messages() {})
                        .names("metrics"),
                onVelaBuilder("observer(SendObserver)", "not used: its one argument is bad")
                        .names("observer"),
                onVelaBuilder("listener(VelaListener)", DEAF).names("listener"));
    }

    private static Stream<Call> management() {
        String unknown = "name must be that of a producer started in runtime vela, was ";
        return Stream.of(
                onManagement("report(long)", 0L).atLeastLong(0, "afterEvent", 0, "there is no event after it"),
                onManagement("restart(String)", "group")
                        .names("name")
                        .refuses(0, "", unknown + "\"\"")
                        .refuses(0, " ", unknown + "\" \""));
    }

    private static Call onManagement(String signature, Object... good) {
        return new Call("VelaMXBean." + signature, world -> List.of(world.vela.management()), good);
    }

    private static Call onVela(String signature, Object... good) {
        return new Call("Vela." + signature, VELA, good);
    }

    private static Stream<Call> vela() {
        ChildSpec child = ChildSpec.of("child", CompletableFuture::new);
        return Stream.of(
                onVela("name()").worksAfterClose("it never changes"),
                onVela("management()").worksAfterClose("it shows an empty runtime"),
                onVela("newProducer(Schema)", Schema.STRING).names("schema").worksAfterClose("its start says it"),
                onVela("newProducerGroup(Schema)", Schema.STRING)
                        .names("schema")
                        .worksAfterClose("its start says it"),
                onVela("newPartitionedProducer(Schema)", Schema.STRING)
                        .names("schema")
                        .worksAfterClose("its start says it"),
                onVela("startAsync(ChildSpec)", child)
                        .names("spec")
                        .failsAfterClose(AlreadyClosedException.class, CLOSED),
                onVela("find(String)", "group")
                        .names("name")
                        .acceptsAll(0, String.class, NO_SUCH_NAME)
                        .worksAfterClose(NO_SUCH_NAME),
                onVela("get(String, Schema)", "group", Schema.STRING)
                        .names("name", "schema")
                        .refuses(NotFoundException.class, 0, "", "nothing named \"\" is started in this Vela")
                        .refuses(NotFoundException.class, 0, " ", "nothing named \" \" is started in this Vela")
                        .refuses(
                                1,
                                Schema.BYTES,
                                "schema must be the one that group was started with, StringSchema, was BytesSchema")
                        .failsAfterClose(NotFoundException.class, "nothing named \"group\" is started in this Vela"),
                onVela("stopAsync(String, Duration)", "group", Duration.ZERO)
                        .names("name", "drain")
                        .refuses(NotFoundException.class, 0, "", "nothing named \"\" is started in this Vela")
                        .refuses(NotFoundException.class, 0, " ", "nothing named \" \" is started in this Vela")
                        .duration(1, "drain", true)
                        .failsAfterClose(NotFoundException.class, "nothing named \"group\" is started in this Vela"),
                onVela("closeAsync(Duration)", Duration.ZERO)
                        .names("drain")
                        .duration(0, "drain", true)
                        .worksAfterClose("it is closed"),
                onVela("close()").worksAfterClose("it is closed"),
                onVela("producers()").worksAfterClose("there are none"),
                onVela("snapshot()").worksAfterClose("it is empty"),
                onVela("client()").worksAfterClose("it may be the caller's"),
                onVela("supervisedClient()").worksAfterClose("its producers say it"),
                onVela("supervisedBuilder(ProducerBuilder, Consumer)", World.officialBuilder(), NOTHING)
                        .names("builder", "customizer")
                        .worksAfterClose("its producers say it"));
    }

    private static Call onBuilder(String signature, Object... good) {
        return new Call("SupervisedProducerBuilder." + signature, BUILDERS, good);
    }

    private static Stream<Call> descriptions() {
        String topics = "topic must be a name such as orders or persistent://tenant/namespace/orders, was \"";
        return Stream.of(
                        onBuilder("topic(String)", "orders")
                                .names("topic")
                                .notBlank(0)
                                .refuses(0, "a/b", topics + "a/b\"")
                                .refuses(0, "ftp://a/b/c", topics + "ftp://a/b/c\""),
                        onBuilder("name(String)", "n")
                                .names("name")
                                .notBlank(0)
                                .refuses(
                                        0,
                                        "pulsar.repl.a",
                                        "name must not begin with pulsar.repl, which is reserved, was"
                                                + " \"pulsar.repl.a\""),
                        onBuilder("accessMode(ProducerAccessMode)", ProducerAccessMode.Shared)
                                .names("accessMode"),
                        onBuilder("compressionType(CompressionType)", CompressionType.LZ4)
                                .names("compressionType"),
                        onBuilder("enableChunking(boolean)", true),
                        onBuilder("batching(Batching)", Batching.defaults()).names("batching"),
                        onBuilder("adjustBatching(UnaryOperator)", (UnaryOperator<Batching>) batching -> batching)
                                .names("change"),
                        onBuilder("keyHash(KeyHash)", KeyHash.PHASH2).names("keyHash"),
                        onBuilder("inFlightPolicy(InFlightPolicy)", InFlightPolicy.REPORT)
                                .names("inFlightPolicy"),
                        onBuilder("failFast(boolean)", true),
                        onBuilder("blockIfQueueFull(boolean)", true),
                        onBuilder("stableNames(boolean)", true),
                        onBuilder("restartIntensity(RestartIntensity)", RestartIntensity.of(1, SECOND))
                                .names("restartIntensity"),
                        onBuilder("backoff(Backoff)", Backoff.exponential(SECOND, SECOND))
                                .names("backoff"),
                        onBuilder("customize(Consumer)", NOTHING).names("customizer"))
                .map(call -> call.worksAfterClose("its start says it"));
    }

    private static Stream<Call> numbers() {
        return Stream.of(
                        onBuilder("producers(int)", 1).inRange(0, "producers", 1, 1000),
                        new Call(
                                        "SupervisedProducerBuilder.partitions(int)",
                                        world -> List.of(world.partitionedBuilder()),
                                        1)
                                .inRange(0, "partitions", 1, 100_000),
                        new Call(
                                        "SupervisedProducerBuilder.messageRoutingMode(MessageRoutingMode)",
                                        world -> List.of(world.partitionedBuilder()),
                                        MessageRoutingMode.SinglePartition)
                                .names("mode"),
                        new Call(
                                        "SupervisedProducerBuilder.messageRouter(MessageRouter)",
                                        world -> List.of(world.partitionedBuilder()),
                                        new FirstPartition())
                                .names("router"),
                        new Call(
                                "SupervisedProducerBuilder.autoUpdatePartitions(boolean)",
                                world -> List.of(world.partitionedBuilder()),
                                true),
                        new Call(
                                        "SupervisedProducerBuilder.autoUpdatePartitionsInterval(Duration)",
                                        world -> List.of(world.partitionedBuilder()),
                                        SECOND)
                                .names("autoUpdatePartitionsInterval")
                                .refuses(0, BadValues.LEAST, updateInterval("-9223372036854775808 s"))
                                .refuses(0, Duration.ofNanos(-1), updateInterval("-1 ns"))
                                .refuses(0, Duration.ZERO, updateInterval("0 s"))
                                .refuses(0, Duration.ofMillis(999), updateInterval("999 ms"))
                                .accepts(0, Duration.ofDays(36_500), "100 years")
                                .refuses(0, BadValues.YEARS_300, updateInterval("109500 days"))
                                .refuses(0, BadValues.GREATEST, updateInterval("9223372036854775807 s")),
                        onBuilder("chunkMaxMessageSize(int)", 1)
                                .atLeast(0, "chunkMaxMessageSize", 1, "the broker's limit is less, and holds"),
                        onBuilder("maxPendingMessages(int)", 1).atLeast(0, "maxPendingMessages", 1, NO_LIMIT),
                        onBuilder("maxPendingBytes(long)", 1L).atLeastLong(0, "maxPendingBytes", 1, NO_LIMIT),
                        onBuilder("restartIntensity(int, Duration)", 1, SECOND)
                                .names("", "period")
                                .atLeast(0, "maxRestarts", 0, "it never gives up")
                                .duration(1, "period", false),
                        onBuilder("maxDisconnectedTime(Duration)", SECOND)
                                .names("maxDisconnectedTime")
                                .duration(0, "maxDisconnectedTime", false),
                        onBuilder("refusedRetryInterval(Duration)", SECOND)
                                .names("refusedRetryInterval")
                                .duration(0, "refusedRetryInterval", false),
                        onBuilder("sendTimeout(Duration)", SECOND)
                                .names("sendTimeout")
                                .duration(0, "sendTimeout", false),
                        onBuilder("startupDelay(Duration)", SECOND)
                                .names("startupDelay")
                                .duration(0, "startupDelay", true),
                        onBuilder("startupJitter(Duration)", SECOND)
                                .names("startupJitter")
                                .duration(0, "startupJitter", true))
                .map(call -> call.worksAfterClose("its start says it"));
    }

    private static String updateInterval(String was) {
        return "autoUpdatePartitionsInterval must be in [1 s, 100 years], was " + was;
    }

    private static Stream<Call> starts() {
        return Stream.of(
                onBuilder("start()").failsAfterClose(AlreadyClosedException.class, CLOSED),
                onBuilder("startAsync()").failsAfterClose(AlreadyClosedException.class, CLOSED),
                onBuilder("childSpec()").worksAfterClose("its start says it"));
    }
}
