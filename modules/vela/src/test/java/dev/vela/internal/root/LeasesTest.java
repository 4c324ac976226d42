package dev.vela.internal.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.SupervisedProducer;
import dev.vela.internal.pulsar.OfficialSettings;
import dev.vela.internal.scheduling.ControlThread;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who shares a producer with whom, and when it ends. */
class LeasesTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final ControlThread control = new ControlThread("control");
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
                        case "flushAsync" -> CompletableFuture.completedFuture(null);
                        case "getTopic" -> "orders";
                        default -> throw new AssertionError(method);
                    });
        }
    }

    @AfterEach
    void close() {
        control.close();
    }

    @Test
    void equalBuildersShareAProducerThatIsClosedOnceNobodyUsesIt() throws Exception {
        Leases leases = new Leases(control, Runnable::run, Duration.ofMillis(1));

        Producer<byte[]> one = lease(leases, orders(), Schema.BYTES);
        Producer<byte[]> two = lease(leases, orders(), Schema.BYTES);
        one.close();
        one.close();
        assertThat(made).hasSize(1);
        assertThat(made.get(0).closed).isFalse();
        assertThat(two.getTopic()).isEqualTo("orders");

        two.closeAsync().get();
        await().atMost(Duration.ofMinutes(1)).until(() -> made.get(0).closed);
        lease(leases, orders(), Schema.BYTES);
        assertThat(made).hasSize(2);
    }

    @Test
    void aClosedProducerIsHandedOutAgain() throws Exception {
        Leases leases = new Leases(control, Runnable::run, LONG);

        for (int i = 0; i < 3; i++) {
            lease(leases, orders(), Schema.BYTES).close();
        }

        assertThat(made).hasSize(1);
        assertThat(made.get(0).closed).isFalse();
    }

    @Test
    void whatDiffersIsNotShared() {
        Leases leases = new Leases(control, Runnable::run, LONG);

        lease(leases, orders(), Schema.BYTES);
        lease(leases, orders().enableBatching(false), Schema.BYTES);
        lease(leases, orders().topic("shipments"), Schema.BYTES);
        lease(leases, orders(), Schema.AUTO_PRODUCE_BYTES());

        assertThat(made).hasSize(4);
    }

    @Test
    void namesAndExclusiveAccessAreNotShared() {
        Leases leases = new Leases(control, Runnable::run, LONG);

        for (int i = 0; i < 2; i++) {
            lease(leases, orders().producerName("mine"), Schema.BYTES);
            lease(leases, orders().accessMode(ProducerAccessMode.WaitForExclusive), Schema.BYTES);
        }

        assertThat(made).hasSize(4);
    }

    @Test
    void nothingIsSharedWithoutATimeToLinger() throws Exception {
        Leases leases = new Leases(control, Runnable::run, Duration.ZERO);

        lease(leases, orders(), Schema.BYTES).closeAsync().get();
        lease(leases, orders(), Schema.BYTES);

        assertThat(made).hasSize(2);
        assertThat(made.get(0).closed).isTrue();
    }

    @Test
    void aProducerThatIsDownIsReplacedAndStopsWithItsLastUser() throws Exception {
        Leases leases = new Leases(control, Runnable::run, LONG);
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
        Leases leases = new Leases(control, Runnable::run, LONG);
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
        Leases leases = new Leases(control, Runnable::run, Duration.ofMillis(1));
        CompletableFuture<Producer<byte[]>> creation = new CompletableFuture<>();
        leases.lease(OfficialSettings.of((ProducerBuilderImpl<?>) orders()), Schema.BYTES, () -> creation)
                .cancel(false);

        Fake late = new Fake();
        creation.complete(late.producer());

        await().atMost(Duration.ofMinutes(1)).until(() -> late.closed);
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
