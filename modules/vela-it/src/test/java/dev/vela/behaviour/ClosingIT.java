package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.vela.ChildSpec;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** What a close leaves behind, and how long it takes where something does not do its part. */
class ClosingIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    /** Many times what a close takes here, and less than it takes the client to give up on a broker. */
    private static final Duration IN_TIME = Duration.ofMinutes(1);

    @Test
    void aStandbyThatIsPromotedAfterItsRuntimeWasClosedLeavesTheTopic() throws Exception {
        // Given
        String topic = Broker.freshTopic("closing");
        Producer<String> holder = exclusive(topic);
        Vela vela = new PatientVela(Vela.on(Broker.client()));
        SupervisedProducer<String> standby = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.WaitForExclusive)
                .start();
        await().atMost(SOON)
                .until(() ->
                        standby.snapshot().groups().get(0).producers().get(0).state() == ProducerState.WAITING);

        // When
        vela.close();
        holder.close();

        // Then
        assertCanBeHadExclusively(topic);
    }

    @Test
    void whatIsBeingCreatedWhenTheRuntimeIsClosedIsClosedToo() throws Exception {
        String topic = Broker.freshPartitionedTopic("closing", 4);
        for (int i = 0; i < 10; i++) {
            Vela vela = new PatientVela(Vela.on(Broker.client()));
            for (int handle = 0; handle < 3; handle++) {
                vela.newPartitionedProducer(Schema.STRING)
                        .topic(topic)
                        .name("handle-" + handle)
                        .partitions(4)
                        .start();
            }
            Answers.value(vela.closeAsync(Duration.ZERO));
        }

        for (int partition = 0; partition < 4; partition++) {
            assertCanBeHadExclusively(topic + "-partition-" + partition);
        }
    }

    private static Producer<String> exclusive(String topic) throws PulsarClientException {
        return Broker.client()
                .newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.Exclusive)
                .create();
    }

    private static void assertCanBeHadExclusively(String topic) {
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(PulsarClientException.class)
                .until(() -> {
                    exclusive(topic).close();
                    return true;
                });
    }

    @Test
    void aBrokerThatDoesNotAnswerHoldsUpNeitherTheManyHandlesOfARuntimeNorAHandlesManyPartitions() throws Exception {
        try (Wire wire = new Wire()) {
            Vela vela = new PatientVela(wire.velaBuilder()
                    .customizeClient(client -> {
                        wire.join(client);
                        client.keepAliveInterval(1, TimeUnit.HOURS);
                    })
                    .build());
            // Given
            String topic = Broker.freshTopic("closing");
            List<SupervisedProducer<String>> handles = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                handles.add(vela.newProducerGroup(Schema.STRING)
                        .topic(topic)
                        .name("handle-" + i)
                        .start());
            }
            SupervisedProducer<String> partitioned = vela.newProducer(Schema.STRING)
                    .topic(Broker.freshPartitionedTopic("closing", 12))
                    .start();
            handles.add(partitioned);
            for (SupervisedProducer<String> handle : handles) {
                handle.awaitReady(SOON);
            }

            // When
            wire.holdAnswers();

            // Then
            assertThat(partitioned.stopAsync(Duration.ofMillis(500))).succeedsWithin(IN_TIME);
            assertThat(vela.closeAsync(Duration.ofSeconds(1))).succeedsWithin(IN_TIME);
            assertThat(vela.client().isClosed()).isTrue();
        }
    }

    @Test
    void customizersThatBlockHoldUpNoOtherHandleAndNoClose() throws Exception {
        CountDownLatch keyServer = new CountDownLatch(1);
        Vela vela = new PatientVela(Vela.connect(Broker.url()));
        try {
            // Given more of them than there are threads
            String topic = Broker.freshTopic("closing");
            for (int i = 0; i < 20; i++) {
                vela.newProducerGroup(Schema.STRING)
                        .topic(topic)
                        .name("blocked-" + i)
                        .customize(builder -> awaitIt(keyServer))
                        .startAsync();
            }

            // When
            SupervisedProducer<String> good = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .name("good")
                    .start();

            // Then
            good.awaitReady(SOON);
            Answers.value(good.closeAsync());
            Answers.value(vela.closeAsync(Duration.ofSeconds(1)));
            assertThat(vela.client().isClosed()).isTrue();
        } finally {
            keyServer.countDown();
        }
    }

    private static void awaitIt(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- futures are the caller's

    /** Each future that is handed out and has to do with starting and stopping. */
    private static Map<String, Function<World, CompletableFuture<?>>> futures() {
        Map<String, Function<World, CompletableFuture<?>>> futures = new TreeMap<>();
        futures.put("Vela.startAsync", world -> world.vela().startAsync(world.another()));
        futures.put("Vela.stopAsync", world -> world.vela().stopAsync("handle", SOON));
        futures.put("Vela.closeAsync", world -> world.vela().closeAsync(Duration.ofMillis(500)));
        futures.put("SupervisedProducer.stopAsync", world -> world.handle().stopAsync(SOON));
        futures.put("SupervisedProducer.closeAsync", world -> world.handle().closeAsync());
        futures.put("SupervisedProducer.flushAsync", world -> world.handle().flushAsync());
        futures.put("SupervisedProducer.sendAsync", world -> world.handle().sendAsync("v"));
        futures.put(
                "SupervisedMessageBuilder.sendAsync",
                world -> world.handle().newMessage().value("v").sendAsync());
        futures.put(
                "SupervisedProducerBuilder.startAsync",
                world -> world.vela()
                        .newProducer(Schema.STRING)
                        .topic(world.handle().getTopic())
                        .name("third")
                        .startAsync());
        return futures;
    }

    private record World(Vela vela, SupervisedProducer<String> handle) {
        ChildSpec another() {
            return vela.newProducer(Schema.STRING)
                    .topic(handle.getTopic())
                    .name("another")
                    .childSpec();
        }
    }

    @Test
    void allFuturesOfThePublicApiAreLookedAtHere() {
        Set<String> found = new TreeSet<>();
        for (Class<?> type : List.of(
                Vela.class,
                SupervisedProducer.class,
                SupervisedProducerBuilder.class,
                SupervisedMessageBuilder.class,
                ProducerGroup.class,
                PartitionedProducer.class)) {
            Arrays.stream(type.getMethods())
                    .filter(method -> CompletableFuture.class.isAssignableFrom(method.getReturnType()))
                    .forEach(method -> found.add((type == ProducerGroup.class || type == PartitionedProducer.class
                                    ? "SupervisedProducer"
                                    : type.getSimpleName())
                            + "." + method.getName()));
        }

        assertThat(futures().keySet()).containsAll(found);
    }

    @Test
    void whatACallerDoesToAFutureIsTheCallersAlone() throws Exception {
        try (Wire wire = new Wire();
                Vela vela = new PatientVela(wire.velaBuilder().build())) {
            // Given a handle whose messages get no receipt, so that nothing ends by itself
            SupervisedProducer<String> handle = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("closing"))
                    .name("handle")
                    .start();
            handle.awaitReady(SOON);
            World world = new World(vela, handle);
            wire.holdAnswers();
            handle.newMessage().value("held").timeout(SOON).sendAsync();

            // When
            List<String> order = new ArrayList<>(futures().keySet());
            order.remove("Vela.closeAsync"); // last, since nothing can be asked after it
            order.add("Vela.closeAsync");
            for (String name : order) {
                CompletableFuture<?> cancelled = futures().get(name).apply(world);
                cancelled.cancel(true);
                CompletableFuture<?> failed = futures().get(name).apply(world);
                failed.completeExceptionally(new IllegalStateException("of " + name));
            }

            // Then the close goes on, and ends with the client closed
            CompletableFuture<Void> closed = vela.closeAsync(Duration.ofMillis(100));
            assertThat(closed).isNotCancelled();
            Answers.value(closed);
            assertThat(vela.client().isClosed()).isTrue();
            Answers.value(handle.stopAsync(Duration.ZERO));
            vela.close();
        }
    }

    // ---- starts that are given up

    @Test
    void aStartThatIsCancelledInterruptedOrStoppedLeavesNothingAndFreesItsName() throws Exception {
        try (Wire wire = new Wire();
                Vela vela = new PatientVela(wire.velaBuilder().build())) {
            // Given a broker that does not answer the look-up
            String topic = Broker.freshTopic("closing");
            vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .name("first")
                    .start()
                    .awaitReady(SOON);
            wire.holdAnswers();

            // When cancelled
            CompletableFuture<?> cancelled = vela.newProducer(Schema.STRING)
                    .topic(topic)
                    .name("cancelled")
                    .startAsync();
            cancelled.cancel(false);

            // When interrupted
            CompletableFuture<Throwable> interrupted = new CompletableFuture<>();
            Thread starter = new Thread(() -> {
                try {
                    vela.newProducer(Schema.STRING)
                            .topic(topic)
                            .name("interrupted")
                            .start();
                    interrupted.completeExceptionally(new AssertionError("started"));
                } catch (PulsarClientException | RuntimeException e) {
                    interrupted.complete(e);
                }
            });
            starter.start();
            await().atMost(SOON).until(() -> starter.getState() == Thread.State.WAITING);
            starter.interrupt();
            assertThat(Answers.value(interrupted)).isInstanceOf(PulsarClientException.class);

            // When stopped
            CompletableFuture<?> stopped =
                    vela.newProducer(Schema.STRING).topic(topic).name("stopped").startAsync();
            Answers.value(vela.stopAsync("stopped", SOON));
            Answers.failure(stopped, PulsarClientException.AlreadyClosedException.class);

            // Then each name is free, and stays so when the answer comes
            for (String name : List.of("cancelled", "interrupted", "stopped")) {
                assertThatExceptionOfType(PulsarClientException.NotFoundException.class)
                        .isThrownBy(() -> vela.get(name, Schema.STRING));
                assertThat(vela.newProducerGroup(Schema.STRING)
                                .topic(topic)
                                .name(name)
                                .start()
                                .name())
                        .isEqualTo(name);
            }
            wire.releaseAnswers();
            assertThat(vela.producers())
                    .extracting(SupervisedProducer::name)
                    .containsExactly("first", "cancelled", "interrupted", "stopped");
        }
    }
}
