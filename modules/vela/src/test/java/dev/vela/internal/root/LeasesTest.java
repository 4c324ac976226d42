package dev.vela.internal.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vela.HandleState;
import dev.vela.SupervisedProducer;
import dev.vela.internal.pulsar.OfficialSettings;
import dev.vela.internal.scheduling.ManualScheduler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.apache.pulsar.client.impl.crypto.MessageCryptoBc;
import org.junit.jupiter.api.Test;

/** Who shares a producer with whom, and when it ends. */
class LeasesTest {
    private static final Duration LINGER = Duration.ofMinutes(1);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final Leases leases = new Leases(scheduler, Runnable::run, LINGER);
    private final List<Fake> made = new ArrayList<>();

    /** A producer that notes whether it was closed. */
    private static final class Fake {
        private volatile boolean closed;
        private volatile boolean connected = true;

        @SuppressWarnings("unchecked") // a proxy that answers what is asked here
        Producer<byte[]> producer() {
            return (SupervisedProducer<byte[]>) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {SupervisedProducer.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "isConnected" -> connected;
                        case "closeAsync" -> {
                            closed = true;
                            yield CompletableFuture.completedFuture(null);
                        }
                        case "getTopic" -> "orders";
                        case "state" -> HandleState.READY;
                        case "sendAsync" -> CompletableFuture.completedFuture(MessageId.earliest);
                        default -> throw new AssertionError(method);
                    });
        }
    }

    @Test
    void equalBuildersShareAProducerThatIsClosedOnceNobodyUsesIt() throws Exception {
        Producer<byte[]> one = lease(leases, orders(), Schema.BYTES);
        Producer<byte[]> two = lease(leases, orders(), Schema.BYTES);
        one.close();
        one.close();
        assertThat(made).hasSize(1);
        scheduler.advance(LINGER.multipliedBy(2));
        assertThat(made.get(0).closed).as("the other user has not closed it").isFalse();

        two.closeAsync().get();
        scheduler.advance(LINGER.minusMillis(1));
        assertThat(made.get(0).closed).isFalse();
        scheduler.advance(Duration.ofMillis(1));
        assertThat(made.get(0).closed).isTrue();
        lease(leases, orders(), Schema.BYTES);
        assertThat(made).hasSize(2);
    }

    @Test
    void aUseThatIsOverTakesNoMessages() throws Exception {
        SupervisedProducer<byte[]> one = (SupervisedProducer<byte[]>) lease(leases, orders(), Schema.BYTES);
        Producer<byte[]> two = lease(leases, orders(), Schema.BYTES);
        one.close();

        assertThat(one.isConnected()).isFalse();
        assertThat(one.state()).isEqualTo(HandleState.STOPPED);
        assertThat(one.sendAsync(new byte[0])).isCompletedExceptionally();
        assertThat(one.newMessage().key("k").sendAsync()).isCompletedExceptionally();
        assertThatExceptionOfType(PulsarClientException.AlreadyClosedException.class)
                .isThrownBy(() -> one.send(new byte[0]));
        List<Throwable> told = new ArrayList<>();
        one.sendAsync(new byte[0], (receipt, failure) -> told.add(failure));
        assertThat(told).hasSize(1);
        assertThat(two.isConnected()).isTrue();
        assertThat(two.sendAsync(new byte[0])).isCompleted();
    }

    @Test
    void aTimeToDrainIsChecked() {
        SupervisedProducer<byte[]> one = (SupervisedProducer<byte[]>) lease(leases, orders(), Schema.BYTES);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> one.stopAsync(Duration.ofSeconds(-1)))
                .withMessageContaining("drain");
        assertThat(one.isConnected()).isTrue();
    }

    @Test
    void whoComesBackInTimeKeepsTheProducerForAnotherTime() throws Exception {
        lease(leases, orders(), Schema.BYTES).close();
        scheduler.advance(LINGER.minusMillis(1));
        lease(leases, orders(), Schema.BYTES).close();

        scheduler.advance(LINGER.minusMillis(1));
        assertThat(made).hasSize(1);
        assertThat(made.get(0).closed).isFalse();
        scheduler.advance(Duration.ofMillis(1));
        assertThat(made.get(0).closed).isTrue();
    }

    @Test
    void producersThatNobodyUsesAgainDoNotPileUp() throws Exception {
        for (int i = 0; i <= Leases.MOST_UNUSED; i++) {
            lease(leases, orders().topic("orders-" + i), Schema.BYTES).close();
        }

        assertThat(made.get(0).closed).isTrue();
        assertThat(made.stream().skip(1)).noneMatch(fake -> fake.closed);
    }

    @Test
    void aCreationThatThrowsIsAnswered() {
        CompletableFuture<Producer<byte[]>> refused =
                leases.lease(OfficialSettings.of((ProducerBuilderImpl<?>) orders()), Schema.BYTES, () -> {
                    throw new IllegalStateException("no");
                });

        assertThat(refused).isCompletedExceptionally();
        assertThat(lease(leases, orders(), Schema.BYTES).isConnected()).isTrue();
    }

    @Test
    void aClosedProducerIsHandedOutAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            lease(leases, orders(), Schema.BYTES).close();
        }

        assertThat(made).hasSize(1);
        assertThat(made.get(0).closed).isFalse();
    }

    @Test
    void whatDiffersIsNotShared() {
        lease(leases, orders(), Schema.BYTES);
        lease(leases, orders().enableBatching(false), Schema.BYTES);
        lease(leases, orders().topic("shipments"), Schema.BYTES);
        lease(leases, orders().messageCrypto(new MessageCryptoBc("test", true)), Schema.BYTES);
        lease(leases, orders().messageCrypto(new MessageCryptoBc("test", true)), Schema.BYTES);
        lease(leases, orders().messageRouter(new MessageRouter() {}), Schema.BYTES);
        lease(leases, orders().messageRouter(new MessageRouter() {}), Schema.BYTES);
        lease(leases, orders(), Schema.AUTO_PRODUCE_BYTES());
        lease(leases, orders(), Schema.AUTO_PRODUCE_BYTES());

        assertThat(made).hasSize(9);
    }

    @Test
    void namesAndExclusiveAccessAndSequencesAreNotShared() {
        for (int i = 0; i < 2; i++) {
            lease(leases, orders().producerName("mine"), Schema.BYTES);
            lease(leases, orders().accessMode(ProducerAccessMode.WaitForExclusive), Schema.BYTES);
            lease(leases, orders().initialSequenceId(7), Schema.BYTES);
        }

        assertThat(made).hasSize(6);
    }

    @Test
    void nothingIsSharedWithoutATimeToLinger() throws Exception {
        Leases none = new Leases(scheduler, Runnable::run, Duration.ZERO);

        lease(none, orders(), Schema.BYTES).closeAsync().get();
        lease(none, orders(), Schema.BYTES);

        assertThat(made).hasSize(2);
        assertThat(made.get(0).closed).isTrue();
    }

    @Test
    void aProducerThatIsDownIsReplacedAndStopsWithItsLastUser() throws Exception {
        Producer<byte[]> one = lease(leases, orders(), Schema.BYTES);

        made.get(0).connected = false;
        lease(leases, orders(), Schema.BYTES);

        assertThat(made).hasSize(2);
        assertThat(made.get(0).closed).isFalse();
        one.close();
        assertThat(made.get(0).closed).isTrue();
        assertThat(made.get(1).closed).isFalse();
    }

    @Test
    void aFailureIsToldToAllAndForgotten() {
        CompletableFuture<Producer<byte[]>> creation = new CompletableFuture<>();
        OfficialSettings settings = OfficialSettings.of((ProducerBuilderImpl<?>) orders());
        CompletableFuture<Producer<byte[]>> one = leases.lease(settings, Schema.BYTES, () -> creation);
        CompletableFuture<Producer<byte[]>> two = leases.lease(settings, Schema.BYTES, CompletableFuture::new);

        creation.completeExceptionally(new PulsarClientException("no"));

        assertThat(one).isCompletedExceptionally();
        assertThat(two).isCompletedExceptionally();
        lease(leases, orders(), Schema.BYTES);
        assertThat(made).hasSize(1);
    }

    @Test
    void whoeverGivesUpDoesNotUseIt() {
        CompletableFuture<Producer<byte[]>> creation = new CompletableFuture<>();
        leases.lease(OfficialSettings.of((ProducerBuilderImpl<?>) orders()), Schema.BYTES, () -> creation)
                .cancel(false);

        Fake late = new Fake();
        creation.complete(late.producer());

        assertThat(late.closed).isFalse();
        scheduler.advance(LINGER);
        assertThat(late.closed).isTrue();
    }

    private ProducerBuilder<byte[]> orders() {
        return new ProducerBuilderImpl<>(null, Schema.BYTES).topic("orders");
    }

    private Producer<byte[]> lease(Leases leases, ProducerBuilder<byte[]> builder, Schema<byte[]> schema) {
        return leases.lease(OfficialSettings.of((ProducerBuilderImpl<?>) builder), schema, () -> {
                    Fake fake = new Fake();
                    made.add(fake);
                    return CompletableFuture.completedFuture(fake.producer());
                })
                .join();
    }
}
