package dev.vela.test.documented;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.HandleState;
import dev.vela.Outcome;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.MockSupervisedProducer;
import dev.vela.test.MockVela;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private final MockSupervisedProducer<String> producer = MockSupervisedProducer.of("orders", Schema.STRING);
    private final Orders orders = new Orders(producer);

    @Test
    void anOrderIsSentWithItsCustomerAsKey() {
        assertThat(orders.place("ann", "tea")).isEqualTo(Orders.Result.PLACED);

        assertThat(producer.sent()).hasSize(1);
        assertThat(producer.sent().get(0).value()).isEqualTo("tea");
        assertThat(producer.sent().get(0).key()).isEqualTo("ann");
    }

    @Test
    void anUnknownOutcomeIsReportedAsSuch() {
        producer.failNext(Outcome.UNKNOWN);

        assertThat(orders.place("ann", "tea")).isEqualTo(Orders.Result.UNKNOWN);
    }

    @Test
    void ordersAreRefusedWhileTheProducerIsFenced() {
        producer.fence();

        assertThat(orders.place("ann", "tea")).isEqualTo(Orders.Result.REFUSED);
    }

    @Test
    void answersByHand() {
        producer.answerAutomatically(false);
        CompletableFuture<MessageId> first = producer.sendAsync("a");
        CompletableFuture<MessageId> second = producer.sendAsync("b");

        producer.answerNext();
        assertThat(first).isCompleted();
        producer.failNext(Outcome.NOT_SENT);
        assertThat(second).isCompletedExceptionally();
    }

    @Test
    void messagesWaitWhileProducersRestart() {
        producer.state(HandleState.RESTARTING);
        CompletableFuture<MessageId> answer = producer.sendAsync("a");
        assertThat(answer).isNotDone();

        producer.state(HandleState.READY);
        assertThat(answer).isCompleted();
    }

    /** An application that starts its producer itself. */
    private static SupervisedProducer<String> startOrders(Vela vela) throws PulsarClientException {
        return vela.newProducer(Schema.STRING).topic("orders").failFast(true).start();
    }

    @Test
    void theApplicationStartsItsProducer() throws Exception {
        MockVela vela = new MockVela();
        vela.partitions("orders", 4);

        startOrders(vela).send("tea");

        assertThat(vela.producer("orders", Schema.STRING).sent()).hasSize(1);
    }
}
