package dev.vela.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vela.AlreadyStartedException;
import dev.vela.ChildSpec;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

class MockVelaTest {
    private final MockVela vela = new MockVela();

    @Test
    void handsOutProducersByTheirNames() throws Exception {
        SupervisedProducer<String> started = vela.newProducer(Schema.STRING)
                .topic("orders")
                .name("audit")
                .producers(2)
                .start();

        assertThat(started.name()).isEqualTo("audit");
        assertThat(started.getTopic()).isEqualTo("orders");
        assertThat(started).isInstanceOf(ProducerGroup.class);
        assertThat(started.producers()).hasSize(2);
        assertThat(vela.find("audit").orElseThrow()).isSameAs(started);
        assertThat(vela.get("audit", Schema.STRING)).isSameAs(started);
        assertThat(vela.producer("audit", Schema.STRING)).isSameAs(started);
        assertThat(vela.producers().get(0)).isSameAs(started);
        assertThat(vela.snapshot().topics()).hasSize(1);
        assertThatExceptionOfType(PulsarClientException.NotFoundException.class)
                .isThrownBy(() -> vela.get("orders", Schema.STRING));
        assertThatIllegalArgumentException().isThrownBy(() -> vela.get("audit", Schema.INT32));
        assertThatIllegalArgumentException().isThrownBy(() -> vela.producer("orders", Schema.STRING));
    }

    @Test
    void aNameIsTakenUntilItsProducerHasStopped() throws Exception {
        SupervisedProducer<String> first =
                vela.newProducer(Schema.STRING).topic("orders").start();

        AlreadyStartedException refusal = catchThrowableOfType(
                AlreadyStartedException.class,
                () -> vela.newProducer(Schema.STRING).topic("orders").start());
        assertThat(refusal.existing()).isSameAs(first);

        vela.stopAsync("orders", Duration.ZERO).join();
        assertThat(vela.find("orders")).isEmpty();
        vela.newProducer(Schema.STRING).topic("orders").startAsync().join();
        assertThat(vela.stopAsync("other", Duration.ZERO)).isCompletedExceptionally();
    }

    @Test
    void aTopicHasThePartitionsThatTheTestGaveIt() throws Exception {
        vela.partitions("orders", 3);

        PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                .topic("persistent://public/default/orders")
                .start();

        assertThat(producer.partitionGroups()).hasSize(3);
        assertThatExceptionOfType(PulsarClientException.InvalidConfigurationException.class)
                .isThrownBy(() -> vela.newPartitionedProducer(Schema.STRING)
                        .topic("audit")
                        .start());
        assertThat(vela.newPartitionedProducer(Schema.STRING)
                        .topic("audit")
                        .partitions(2)
                        .start()
                        .getNumOfPartitions())
                .isEqualTo(2);
        assertThat(vela.newProducer(Schema.STRING)
                        .topic("orders-partition-1")
                        .start()
                        .getNumOfPartitions())
                .isZero();
    }

    @Test
    void aStartFailsAsTheTestSays() throws Exception {
        PulsarClientException failure = new PulsarClientException.TimeoutException("no broker");
        vela.failNextStart(failure);

        assertThat(catchThrowableOfType(
                        PulsarClientException.class,
                        () -> vela.newProducer(Schema.STRING).topic("orders").start()))
                .isSameAs(failure);
        vela.newProducer(Schema.STRING).topic("orders").start();
    }

    @Test
    void startsDescribedProducersAndNothingElse() {
        ChildSpec spec = vela.newProducer(Schema.STRING).topic("orders").childSpec();

        vela.startAsync(spec).join();
        vela.startAsync(spec.withId("audit")).join();

        assertThat(vela.producers()).extracting(SupervisedProducer::name).containsExactly("orders", "audit");
        assertThat(vela.startAsync(spec)).isCompletedExceptionally();
        assertThat(vela.startAsync(ChildSpec.of("child", () -> CompletableFuture.failedFuture(new Exception()))))
                .isCompletedExceptionally();
        assertThat(spec.starter().start().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void toolsSeeItsProducers() throws Exception {
        vela.newProducer(Schema.STRING).topic("orders").start();
        MockSupervisedProducer<String> producer = vela.producer("orders", Schema.STRING);
        producer.fence();

        assertThat(vela.management().getProducersDown()).isEqualTo(1);
        assertThat(vela.management().snapshotJson()).contains("FENCED");
        vela.management().restart("orders");
        assertThat(producer.restarts()).isEqualTo(1);
    }

    @Test
    void aCloseStopsAllProducersAndStartsNoOthers() throws Exception {
        SupervisedProducer<String> producer =
                vela.newProducer(Schema.STRING).topic("orders").start();

        vela.close();

        assertThat(producer.sendAsync("a")).isCompletedExceptionally();
        assertThat(vela.producers()).isEmpty();
        assertThatExceptionOfType(PulsarClientException.AlreadyClosedException.class)
                .isThrownBy(
                        () -> vela.newProducer(Schema.STRING).topic("orders").start());
    }
}
