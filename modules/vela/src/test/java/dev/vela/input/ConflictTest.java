package dev.vela.input;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.Batching;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaBuilder;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.ServiceUrlProvider;
import org.apache.pulsar.client.api.TopicMetadata;
import org.apache.pulsar.client.impl.auth.AuthenticationDisabled;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arguments that are good each, and bad together: refused where they come together, whatever way it is started. */
@Timeout(60)
class ConflictTest {

    private static Arguments conflict(String text, Function<Vela, SupervisedProducerBuilder<String, ?>> builder) {
        return Arguments.of(text, builder);
    }

    static Stream<Arguments> conflicts() {
        return Stream.of(
                conflict("topic must be given, was not", vela -> vela.newProducer(Schema.STRING)),
                conflict(
                        "accessMode Exclusive needs producers to be 1, was 2: the second producer of a topic would be"
                                + " refused, or fence the first",
                        vela -> named(vela).producers(2).accessMode(ProducerAccessMode.Exclusive)),
                conflict(
                        "accessMode ExclusiveWithFencing needs producers to be 1, was 1000: the second producer of a"
                                + " topic would be refused, or fence the first",
                        vela -> named(vela)
                                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                                .producers(1000)),
                conflict(
                        "chunkMaxMessageSize needs enableChunking to be on, was 100 with enableChunking off",
                        vela -> named(vela).chunkMaxMessageSize(100)),
                conflict(
                        "chunkMaxMessageSize needs enableChunking to be on, was 100 with enableChunking off",
                        vela -> named(vela)
                                .enableChunking(true)
                                .chunkMaxMessageSize(100)
                                .enableChunking(false)),
                conflict(
                        "autoUpdatePartitionsInterval needs autoUpdatePartitions to be on, was 200 s with"
                                + " autoUpdatePartitions off",
                        vela -> vela.newProducer(Schema.STRING)
                                .topic("orders")
                                .autoUpdatePartitionsInterval(Duration.ofSeconds(200))
                                .autoUpdatePartitions(false)),
                conflict(
                        "messageRoutingMode CustomPartition needs a messageRouter, was given none",
                        vela -> vela.newProducer(Schema.STRING)
                                .topic("orders")
                                .messageRoutingMode(MessageRoutingMode.CustomPartition)),
                conflict(
                        "messageRouter needs messageRoutingMode to be CustomPartition, was SinglePartition",
                        vela -> vela.newProducer(Schema.STRING)
                                .topic("orders")
                                .messageRoutingMode(MessageRoutingMode.SinglePartition)
                                .messageRouter(new ByKey())),
                conflict(
                        "topic must be given without partition, was orders-partition-1: use newProducerGroup for one"
                                + " partition",
                        vela -> vela.newPartitionedProducer(Schema.STRING).topic("orders-partition-1")));
    }

    /** A router. */
    private static final class ByKey implements MessageRouter {
        private static final long serialVersionUID = 1;

        @Override
        public int choosePartition(Message<?> message, TopicMetadata metadata) {
            return message.getKey().length() % metadata.numPartitions();
        }

        @Override
        public String toString() {
            return "a router";
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conflicts")
    void isRefusedHoweverItIsStarted(String text, Function<Vela, SupervisedProducerBuilder<String, ?>> builder) {
        try (World world = new World()) {
            for (Start start : Start.values()) {
                assertThatIllegalStateException()
                        .as("%s", start)
                        .isThrownBy(() -> start.start(builder.apply(world.vela)))
                        .withMessage(text);
            }
        }
    }

    private enum Start {
        START,
        START_ASYNC,
        CHILD_SPEC;

        void start(SupervisedProducerBuilder<String, ?> builder) throws Exception {
            switch (this) {
                case START -> builder.start();
                case START_ASYNC -> builder.startAsync();
                case CHILD_SPEC -> builder.childSpec();
            }
        }
    }

    private static SupervisedProducerBuilder<String, ?> named(Vela vela) {
        return vela.newProducerGroup(Schema.STRING).topic("orders");
    }

    @Test
    void partitionsAreForPartitionedProducersOnly() {
        try (World world = new World()) {
            refused(
                    "partitions needs newPartitionedProducer, was 3 for newProducer",
                    () -> world.vela.newProducer(Schema.STRING).partitions(3));
            refused(
                    "partitions needs newPartitionedProducer, was 3 for newProducerGroup",
                    () -> world.vela.newProducerGroup(Schema.STRING).partitions(3));
        }
    }

    @Test
    void aGroupHasNoPartitionsToUpdate() {
        try (World world = new World()) {
            refused(
                    "autoUpdatePartitions needs a topic with partitions, was true for newProducerGroup",
                    () -> named(world.vela).autoUpdatePartitions(true));
            refused(
                    "messageRoutingMode needs a topic with partitions, was SinglePartition for newProducerGroup",
                    () -> named(world.vela).messageRoutingMode(MessageRoutingMode.SinglePartition));
            refused(
                    "messageRouter needs a topic with partitions, was a router for newProducerGroup",
                    () -> named(world.vela).messageRouter(new ByKey()));
            refused(
                    "autoUpdatePartitionsInterval needs a topic with partitions, was 1 s for newProducerGroup",
                    () -> named(world.vela).autoUpdatePartitionsInterval(Duration.ofSeconds(1)));
        }
    }

    @Test
    void aRuntimeHasOneClient() {
        try (World world = new World()) {
            refused(
                    "exactly one of client and serviceUrl must be given, was neither",
                    () -> Vela.builder().build());
            refused(
                    "exactly one of client and serviceUrl must be given, was both",
                    () -> Vela.builder()
                            .client(world.vela.client())
                            .serviceUrl("pulsar://h")
                            .build());
            refused(
                    "customizeClient needs serviceUrl, was given with client, which is built already",
                    () -> Vela.builder()
                            .client(world.vela.client())
                            .customizeClient(builder -> {})
                            .build());
        }
    }

    @Test
    void aCustomizerMayNameTheClusterInPlaceOfServiceUrl() throws Exception {
        ServiceUrlProvider provider = new ServiceUrlProvider() {
            @Override
            public void initialize(PulsarClient client) {}

            @Override
            public String getServiceUrl() {
                return "pulsar://127.0.0.1:1";
            }

            @Override
            public void close() {}
        };
        Vela.builder()
                .customizeClient(builder -> builder.serviceUrlProvider(provider))
                .build()
                .closeAsync(Duration.ZERO);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vela.builder()
                        .serviceUrl("pulsar://127.0.0.1:1")
                        .customizeClient(builder -> builder.serviceUrlProvider(provider))
                        .build())
                .withMessageContaining("service URL provider");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vela.builder().customizeClient(builder -> {}).build())
                .withMessageContaining("service URL or service URL provider");
    }

    /** Whose token cannot be read. */
    private static final class Empty extends AuthenticationDisabled {
        private static final long serialVersionUID = 1L;

        @Override
        public void start() {
            throw new IllegalArgumentException("token file is empty");
        }
    }

    @Test
    void whatTheClientDoesNotTakeIsToldInItsOwnWords() {
        VelaBuilder builder = Vela.builder()
                .serviceUrl("pulsar://127.0.0.1:1")
                .customizeClient(client -> client.authentication(new Empty()));

        assertThatThrownBy(builder::build)
                .hasMessageContaining("token file is empty")
                .hasMessageNotContaining("serviceUrl");
    }

    private static void refused(String text, ThrowingCallable call) {
        assertThatIllegalStateException().isThrownBy(call).withMessage(text);
    }

    /** A budget lets a single larger message in, and an entry leaves at its interval, full or not. */
    @Test
    void limitsMayBeBelowWhatABatchHoldsAndChunksGoBesideBatches() {
        try (World world = new World()) {
            List<Consumer<SupervisedProducerBuilder<String, ?>>> all = List.of(
                    builder -> builder.batching(Batching.defaults()).maxPendingBytes(1),
                    builder -> builder.batching(Batching.defaults()).maxPendingMessages(1),
                    builder -> builder.batching(Batching.defaults()).enableChunking(true),
                    builder -> builder.maxPendingMessages(Integer.MAX_VALUE)
                            .maxPendingBytes(Long.MAX_VALUE)
                            .producers(1000),
                    builder -> builder.producers(2).accessMode(ProducerAccessMode.WaitForExclusive));
            for (Consumer<SupervisedProducerBuilder<String, ?>> change : all) {
                SupervisedProducerBuilder<String, ?> builder = named(world.vela);
                change.accept(builder);
                assertThatCode(builder::childSpec).doesNotThrowAnyException();
            }
        }
    }
}
