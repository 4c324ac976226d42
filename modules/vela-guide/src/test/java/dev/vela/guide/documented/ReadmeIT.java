package dev.vela.guide.documented;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.HandleState;
import dev.vela.InFlightPolicy;
import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.local.LocalPulsar;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.MockSupervisedProducer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The snippets of README.md, and what it says of them. All of them share the topic "orders". */
@Tag("full")
class ReadmeIT {
    private static final Logger log = LoggerFactory.getLogger(ReadmeIT.class);
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Order TEA = new Order("ann", "tea");

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @RegisterExtension
    static final DocumentedAddress address = new DocumentedAddress(pulsar::serviceUrl);

    private final List<Order> rejected = new CopyOnWriteArrayList<>();
    private final List<Order> notSent = new CopyOnWriteArrayList<>();
    private final List<Order> unknown = new CopyOnWriteArrayList<>();

    private static void sends(Order order) throws PulsarClientException {
        try (Vela vela = Vela.connect("pulsar://localhost:6650")) { // or Vela.on(yourPulsarClient)
            SupervisedProducer<Order> orders = vela.newProducer(Schema.JSON(Order.class))
                    .topic("orders") // partitioned or not: it finds out
                    .start(); // a handle that outlives its producers
            orders.send(order);
        } // drains, then closes
    }

    @Test
    void theSmallestProgramStoresAnOrder() throws Exception {
        Order order = new Order("bob", "bread");
        sends(order);

        assertThat(stored()).contains(order);
    }

    @Test
    void aClientsProducersAreSupervised() throws Exception {
        PulsarClient client = Vela.supervise(
                PulsarClient.builder().serviceUrl("pulsar://localhost:6650").build());
        Producer<Order> orders =
                client.newProducer(Schema.JSON(Order.class)).topic("orders").create(); // supervised

        assertThat(orders).isInstanceOf(SupervisedProducer.class);
        assertThat(Vela.isSupervised(client)).isTrue();
        client.close();
    }

    private void tellsFailuresApart(SupervisedProducer<Order> orders, Order order) {
        orders.newMessage()
                .key(order.customer())
                .value(order)
                .timeout(Duration.ofSeconds(2))
                .sendAsync()
                .whenComplete((id, failure) -> {
                    if (failure instanceof MessageRejectedException) {
                        setAside(order); // too large or not encodable: retrying cannot help
                    } else if (failure != null && Outcome.of(failure) == Outcome.NOT_SENT) {
                        retryLater(order); // certainly not stored: safe to send again
                    } else if (failure != null) {
                        retryIfConsumersCanBearCopies(order); // sent, and no receipt came: may be stored
                    }
                });
    }

    private void setAside(Order order) {
        rejected.add(order);
    }

    private void retryLater(Order order) {
        notSent.add(order);
    }

    private void retryIfConsumersCanBearCopies(Order order) {
        unknown.add(order);
    }

    @Test
    void eachFailureHasAnOutcome() {
        MockSupervisedProducer<Order> orders = MockSupervisedProducer.of("orders", Schema.JSON(Order.class));
        tellsFailuresApart(orders, TEA);
        assertThat(rejected).isEmpty();
        assertThat(notSent).isEmpty();
        assertThat(unknown).isEmpty();

        orders.failNext(Outcome.NOT_SENT);
        tellsFailuresApart(orders, TEA);
        assertThat(notSent).containsExactly(TEA);

        orders.failNext(Outcome.UNKNOWN);
        tellsFailuresApart(orders, TEA);
        assertThat(unknown).containsExactly(TEA);
    }

    @Test
    void anOrderThatIsTooLargeIsSetAside() throws Exception {
        Order large = new Order("ann", "tea ".repeat(2_000_000));
        try (Vela vela = Vela.connect(pulsar.serviceUrl())) {
            SupervisedProducer<Order> orders =
                    vela.newProducer(Schema.JSON(Order.class)).topic("orders").start();
            orders.awaitReady(SOON);
            tellsFailuresApart(orders, large);

            await().atMost(SOON).until(() -> rejected.equals(List.of(large)));
        }
    }

    /** An application's log of orders. */
    private record Source(List<Order> orders) {
        boolean has(long offset) {
            return offset < orders.size();
        }

        Order read(long offset) {
            return orders.get((int) offset);
        }
    }

    private static void sendsExactlyOnce(Vela vela, Source source) throws PulsarClientException {
        ProducerGroup<Order> orders = vela.newProducerGroup(Schema.JSON(Order.class))
                .topic("orders")
                .inFlightPolicy(InFlightPolicy.REPLAY) // a dead producer's successor sends again what was in flight
                .stableNames(true) // the same producer names after a restart of the application
                .start();
        orders.awaitReady(Duration.ofSeconds(30));

        AtomicReference<Throwable> failed = new AtomicReference<>();
        for (long offset = orders.getLastSequenceId() + 1; failed.get() == null && source.has(offset); offset++) {
            orders.newMessage()
                    .sequenceId(offset)
                    .timeout(Duration.ofDays(1)) // none gives up where the next one does not
                    .value(source.read(offset))
                    .sendAsync((receipt, failure) -> {
                        if (failure != null) {
                            failed.compareAndSet(null, failure);
                        }
                    });
        }
        orders.flush(); // waits for all answers; `failed` has the first failure that came

        assertThat(failed).hasValue(null);
    }

    @Test
    void theNextRunOfTheApplicationGoesOnWhereTheLastOneEnded() throws Exception {
        List<Order> all = IntStream.range(0, 20)
                .mapToObj(i -> new Order("once", "order " + i))
                .toList();
        pulsar.admin().setDeduplication("public/default", true);
        try {
            for (int known : List.of(10, 20)) {
                try (Vela vela = Vela.connect(pulsar.serviceUrl())) {
                    sendsExactlyOnce(vela, new Source(all.subList(0, known)));
                }
            }
        } finally {
            pulsar.admin().setDeduplication("public/default", false);
        }

        assertThat(stored().stream().filter(order -> order.customer().equals("once")))
                .containsExactlyElementsOf(all);
    }

    private static void batches(Vela vela) throws PulsarClientException {
        vela.newProducer(Schema.JSON(Order.class))
                .topic("orders")
                .batching(Batching.defaults()) // 1000 messages or 128 KiB
                .start();
    }

    @Test
    void batchesAreRead() throws Exception {
        List<Order> all = IntStream.range(0, 20)
                .mapToObj(i -> new Order("batched", "order " + i))
                .toList();
        try (Vela vela = Vela.connect(pulsar.serviceUrl())) {
            batches(vela);
            SupervisedProducer<Order> orders = vela.get("orders", Schema.JSON(Order.class));
            for (Order order : all) {
                orders.sendAsync(order, (receipt, failure) -> {});
            }
            orders.flush(); // throws if one has failed
        }

        assertThat(stored().stream().filter(order -> order.customer().equals("batched")))
                .containsExactlyElementsOf(all);
    }

    private static Vela observes(SupervisedProducer<Order> orders) throws PulsarClientException {
        Vela vela = Vela.builder()
                .serviceUrl("pulsar://localhost:6650")
                .listener(event ->
                        log.info("{}", event)) // started, died and of what, restarted, fenced, refused, grown, failed
                .build();

        vela.snapshot(); // all handles, groups, producers: state, last cause, restarts, pending
        orders.state(); // READY, or what keeps it from that
        orders.getStats(); // messages and bytes sent, acknowledged, failed
        return vela;
    }

    @Test
    void aRuntimeTellsWhatItsProducersDo() throws Exception {
        try (Vela other = Vela.connect(pulsar.serviceUrl())) {
            SupervisedProducer<Order> ready =
                    other.newProducer(Schema.JSON(Order.class)).topic("orders").start();
            try (Vela vela = observes(ready)) {
                SupervisedProducer<Order> orders = vela.newProducer(Schema.JSON(Order.class))
                        .topic("orders")
                        .start();
                await().atMost(SOON).until(() -> orders.state() == HandleState.READY);
                assertThat(vela.snapshot().topics()).hasSize(1);
            }
        }
    }

    private static Vela connectsToAnotherCluster() throws PulsarClientException {
        Vela vela = Vela.builder()
                .serviceUrl("pulsar+ssl://pulsar.example.com:6651")
                .customizeClient(client -> client.authentication(AuthenticationFactory.token(() -> readToken()))
                        .tlsTrustCertsFilePath("/etc/ssl/pulsar-ca.pem"))
                .build();
        return vela;
    }

    private static String readToken() {
        return "token";
    }

    @Test
    void aClusterOfOnesOwnIsConnectedToWhenItIsNeeded() throws Exception {
        try (Vela vela = connectsToAnotherCluster()) {
            assertThat(vela.snapshot().topics()).isEmpty();
        }
    }

    @Test
    void aPulsarOfTheTestsOwn() {
        try (LocalPulsar pulsar = LocalPulsar.start()) {
            pulsar.createPartitionedTopic("orders", 4);
            // pulsar.serviceUrl(), pulsar.kill(), pulsar.restart(), pulsar.freeze(), pulsar.thaw()
        }
    }

    private static List<Order> stored() throws PulsarClientException {
        return pulsar.messages("orders", Schema.JSON(Order.class)).stream()
                .map(Message::getValue)
                .toList();
    }
}
