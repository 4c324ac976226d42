package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.SendFailedException;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Messages that become visible together, or not at all. */
class TransactionsIT {
    private static Vela vela;

    @BeforeAll
    static void connect() throws Exception {
        vela = new PatientVela(Vela.builder()
                .serviceUrl(TransactionalBroker.url())
                .customizeClient(client -> client.enableTransaction(true))
                .build());
    }

    @AfterAll
    static void close() throws Exception {
        vela.close();
    }

    @Test
    void committedMessagesAreSeenAndAbortedOnesAreNot() throws Exception {
        String topic = TransactionalBroker.freshTopic("transaction");
        ProducerGroup<String> group =
                vela.newProducerGroup(Schema.STRING).topic(topic).start();

        Transaction aborted = begin();
        group.newMessage(aborted).value("aborted").send();
        Answers.value(aborted.abort());
        Transaction committed = begin();
        group.newMessage(committed).value("committed 1").send();
        group.newMessage(Schema.STRING, committed).value("committed 2").send();
        Answers.value(committed.commit());
        group.send("after");

        assertThat(TransactionalBroker.read(vela.client(), topic, Schema.STRING, 3))
                .extracting(Message::getValue)
                .containsExactly("committed 1", "committed 2", "after");
    }

    @Test
    void messagesOfATransactionShareNoEntryWithOthers() throws Exception {
        String topic = TransactionalBroker.freshTopic("transaction");
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .batching(Batching.defaults()
                        .withFlush(Batching.Flush.AT_INTERVAL)
                        .withFlushInterval(Duration.ofSeconds(20)))
                .start();
        group.awaitReady(Duration.ofMinutes(1));

        Transaction aborted = begin();
        Transaction committed = begin();
        group.sendAsync("1");
        group.sendAsync("2");
        Answers.receipt(group.newMessage(aborted).value("aborted").sendAsync());
        group.sendAsync("3");
        Answers.receipt(group.newMessage(committed).value("4").sendAsync());
        group.sendAsync("5");
        group.sendAsync("6");
        group.flush();
        Answers.value(aborted.abort());
        Answers.value(committed.commit());

        List<Message<String>> messages = TransactionalBroker.read(vela.client(), topic, Schema.STRING, 6);
        assertThat(messages).extracting(Message::getValue).containsExactly("1", "2", "3", "4", "5", "6");
        assertThat(DeliveredEntries.sizes(messages)).containsExactly(2, 1, 1, 2);
    }

    @Test
    void commitWaitsForWhatIsOnItsWayToAllPartitions() throws Exception {
        String topic = TransactionalBroker.freshPartitionedTopic("transaction", 3);
        PartitionedProducer<String> producer =
                vela.newPartitionedProducer(Schema.STRING).topic(topic).start();
        producer.awaitReady(Duration.ofMinutes(1));
        Transaction transaction = begin();
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();

        for (int i = 0; i < 20; i++) {
            answers.add(producer.newMessage(transaction)
                    .key("key-" + i)
                    .value("v" + i)
                    .sendAsync());
            answers.add(producer.newMessage(transaction).value("unkeyed " + i).sendAsync());
        }
        Answers.value(transaction.commit());

        assertThat(answers).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(TransactionalBroker.read(vela.client(), topic, Schema.STRING, 40))
                .hasSize(40);
    }

    @Test
    void messageOfAnEndedTransactionIsNotSent() throws Exception {
        String topic = TransactionalBroker.freshTopic("transaction");
        ProducerGroup<String> group =
                vela.newProducerGroup(Schema.STRING).topic(topic).start();
        Transaction transaction = begin();
        Answers.value(transaction.commit());

        Answers.notSent(group.newMessage(transaction).value("late").sendAsync(), SendFailedException.class);
    }

    private static Transaction begin() {
        return Answers.value(vela.client()
                .newTransaction()
                .withTransactionTimeout(1, TimeUnit.MINUTES)
                .build());
    }
}
