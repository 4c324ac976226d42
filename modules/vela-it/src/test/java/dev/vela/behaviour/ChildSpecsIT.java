package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.AlreadyStartedException;
import dev.vela.Backoff;
import dev.vela.ChildSpec;
import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.PartitionedProducer;
import dev.vela.RestartIntensity;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Producers described first and started later, under the runtime. */
class ChildSpecsIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    private final Journal journal = new Journal();
    private final Saboteur saboteur = new Saboteur();

    @AutoClose
    private final Vela vela = new PatientVela(
            Vela.builder().client(Broker.client()).listener(journal).build());

    private final String topic = Broker.freshTopic("child");

    ChildSpecsIT() throws PulsarClientException {}

    @Test
    void describedGroupIsStartedLaterUnderItsName() throws Exception {
        ChildSpec spec =
                vela.newProducerGroup(Schema.STRING).topic(topic).name("orders").childSpec();
        assertThat(spec.id()).isEqualTo("orders");
        assertThat(vela.find("orders")).isEmpty();

        Answers.value(vela.startAsync(spec));

        vela.get("orders", Schema.STRING).send("v");
        assertThat(Broker.read(topic, Schema.STRING, 1))
                .extracting(Message::getValue)
                .containsExactly("v");
    }

    @Test
    void oneDescriptionStartsManyUnderIdsOfTheirOwn() throws Exception {
        ChildSpec spec = vela.newProducer(Schema.STRING).topic(topic).childSpec();

        Answers.value(vela.startAsync(spec.withId("a")));
        Answers.value(vela.startAsync(spec.withId("b")));

        assertThat(vela.producers()).extracting(SupervisedProducer::name).containsExactly("a", "b");
        vela.get("a", Schema.STRING).send("from a");
        vela.get("b", Schema.STRING).send("from b");
        assertThat(Broker.read(topic, Schema.STRING, 2))
                .extracting(Message::getProducerName)
                .satisfiesExactly(
                        name -> assertThat(name).startsWith("a-0-"),
                        name -> assertThat(name).startsWith("b-0-"));
    }

    @Test
    void describedPartitionedProducerIsLookedUpWhenItIsStarted() {
        String partitioned = Broker.freshName("child");
        ChildSpec spec = vela.newProducer(Schema.STRING)
                .topic(partitioned)
                .name("orders")
                .childSpec();
        Broker.admin().createPartitionedTopic(partitioned, 3);

        Answers.value(vela.startAsync(spec));

        assertThat(vela.find("orders")).containsInstanceOf(PartitionedProducer.class);
    }

    @Test
    void nameThatIsTakenIsRefused() throws Exception {
        SupervisedProducerBuilder<String, ?> builder =
                vela.newProducerGroup(Schema.STRING).topic(topic).name("orders");
        SupervisedProducer<String> existing = builder.start();

        AlreadyStartedException refusal =
                Answers.failure(vela.startAsync(builder.childSpec()), AlreadyStartedException.class);

        assertThat(refusal.existing()).isSameAs(existing);
    }

    @Test
    void permanentGroupThatExceededItsIntensityIsStartedAgainAsAWhole() throws Exception {
        Answers.value(vela.startAsync(fragile("permanent").withRestart(ChildSpec.Restart.PERMANENT)));
        SupervisedProducer<String> group = vela.get("permanent", Schema.STRING);

        killItsProducer(group);
        await().atMost(SOON).until(() -> group.state() == HandleState.RESTARTING);
        CompletableFuture<MessageId> meanwhile = group.sendAsync("meanwhile");
        group.awaitReady(SOON);

        Answers.receipt(meanwhile);
        group.send("after");
        assertThat(group.snapshot().restarts()).isEqualTo(1);
        assertThat(journal.types("permanent")).contains(VelaEvent.Type.GROUP_FAILED);
        assertThat(Broker.read(topic, Schema.STRING, 3))
                .extracting(Message::getValue)
                .containsExactly("before", "meanwhile", "after");
    }

    @Test
    void temporaryGroupThatExceededItsIntensityStaysDownUntilRestarted() throws Exception {
        // Given
        Answers.value(vela.startAsync(fragile("temporary").withRestart(ChildSpec.Restart.TEMPORARY)));
        SupervisedProducer<String> group = vela.get("temporary", Schema.STRING);

        // When
        killItsProducer(group);

        // Then
        await().atMost(SOON).until(() -> group.state() == HandleState.FAILED);
        await().atMost(SOON).until(() -> journal.types("temporary").contains(VelaEvent.Type.FAILED));
        assertThat(group.snapshot().restarts()).isZero();
        Answers.notSent(group.sendAsync("in vain"), NoProducersAvailableException.class);

        // When
        group.restart();
        group.awaitReady(SOON);

        // Then
        group.send("after");
        assertThat(Broker.read(topic, Schema.STRING, 2))
                .extracting(Message::getValue)
                .containsExactly("before", "after");
    }

    @ParameterizedTest
    @EnumSource(ChildSpec.Restart.class)
    void aChildThatIsNoProducerFreesItsNameWhenItHasFailed(ChildSpec.Restart restart) throws Exception {
        IllegalStateException cause = new IllegalStateException("on purpose");
        ChildSpec spec = ChildSpec.of(
                        "job", () -> CompletableFuture.completedFuture(new Job(CompletableFuture.failedFuture(cause))))
                .withRestart(restart);
        try (Vela strict = new PatientVela(Vela.builder()
                .client(Broker.client())
                .restartIntensity(RestartIntensity.of(0, Duration.ofMinutes(1)))
                .listener(journal)
                .build())) {
            Answers.value(strict.startAsync(spec));

            await().atMost(SOON).until(() -> journal.types("job").equals(List.of(VelaEvent.Type.FAILED)));
            assertThat(journal.of("job").get(0).cause()).isPresent();
            await().atMost(SOON)
                    .untilAsserted(() -> Answers.failure(
                            strict.stopAsync("job", SOON), PulsarClientException.NotFoundException.class));
            Answers.value(strict.startAsync(spec));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TRANSIENT", "TEMPORARY"})
    void aChildThatIsNoProducerFreesItsNameWhenItHasDoneItsWork(ChildSpec.Restart restart) {
        CompletableFuture<Void> work = new CompletableFuture<>();
        ChildSpec spec = ChildSpec.of("job", () -> CompletableFuture.completedFuture(new Job(work)))
                .withRestart(restart);
        Answers.value(vela.startAsync(spec));
        assertThat(Answers.failure(vela.startAsync(spec), PulsarClientException.class))
                .hasMessage("a child named job exists already");

        work.complete(null);

        await().atMost(SOON).ignoreExceptions().until(() -> {
            Answers.value(vela.startAsync(spec));
            return true;
        });
    }

    /** A child that has ended when its exit has completed; stopping it does nothing. */
    private record Job(CompletableFuture<Void> end) implements ChildSpec.Child {
        @Override
        public CompletionStage<Void> exit() {
            return end;
        }

        @Override
        public void stop(Duration deadline) {}

        @Override
        public void kill() {}
    }

    /** A group that does not survive the death of its producer. */
    private ChildSpec fragile(String name) {
        return vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .name(name)
                .restartIntensity(0, Duration.ofMinutes(1))
                .backoff(Backoff.exponential(Duration.ofMillis(10), Duration.ofMillis(100)))
                .customize(saboteur::join)
                .childSpec();
    }

    private void killItsProducer(SupervisedProducer<String> group) throws PulsarClientException {
        group.send("before");
        saboteur.killLast();
    }
}
