package dev.vela.chaos;

import dev.vela.PartitionedProducer;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Publishes in transactions, one after the other: two of three are committed, the others aborted. Every other
 * transaction is flushed before its end. The workload has a separate client, because a client with transactions cannot
 * be built while there is no coordinator.
 */
final class TransactionWorkload implements Workload {

    static final String TOPIC = "transactional";
    static final int PARTITIONS = 2;

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration CLOSE_DRAIN = Duration.ofSeconds(2);
    private static final int SHORTEST_TIMEOUT_SECONDS = 2;
    private static final int MOST_MESSAGES = 6;
    private static final int ABORTED_ONE_IN = 3;
    private static final int KEYS = 5;

    private final ApplicationSettings settings;
    private final Recorder recorder;
    private final Sender sender;
    private final PacedThread thread;
    private volatile @Nullable Publishing runtime;

    private record Publishing(Vela vela, PartitionedProducer<byte[]> producer) {}

    TransactionWorkload(ApplicationSettings settings, Recorder recorder) {
        this.settings = settings;
        this.recorder = recorder;
        // Order is not promised for messages that were sent before the transaction knew their topic.
        this.sender = new Sender(recorder, settings.life(), Sender.TRANSACTIONS, settings.topic(TOPIC), false);
        this.thread = new PacedThread("chaos-transactions", PAUSE, this::transact);
    }

    private Publishing runtime() throws PulsarClientException {
        Publishing present = runtime;
        if (present == null) {
            Vela vela = Vela.builder()
                    .serviceUrl(settings.serviceUrl())
                    .customizeClient(client -> {
                        settings.customize(client);
                        client.enableTransaction(true);
                    })
                    .build();
            SupervisedProducerBuilder<byte[], PartitionedProducer<byte[]>> builder = vela.newPartitionedProducer(
                            Schema.BYTES)
                    .topic(settings.topic(TOPIC))
                    .partitions(PARTITIONS)
                    .producers(settings.producers());
            new VelaSetup(settings).apply(builder);
            present = new Publishing(vela, builder.start());
            runtime = present;
        }
        return present;
    }

    private void transact(int number) throws Exception {
        Publishing present = runtime();
        Transaction transaction = present.vela()
                .client()
                .newTransaction()
                .withTransactionTimeout(TRANSACTION_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .build()
                .get(TRANSACTION_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        TransactionRef id = new TransactionRef(settings.life(), Sender.TRANSACTIONS, number);
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        for (int i = 0; i <= number % MOST_MESSAGES; i++) {
            answers.add(sender.send(
                    present.producer().newMessage(transaction),
                    id.message(i).number(),
                    i % 2 == 0 ? "t" + (number + i) % KEYS : null,
                    Duration.ofSeconds(SHORTEST_TIMEOUT_SECONDS + (long) i),
                    Sent.Nature.TRANSACTIONAL));
        }
        if (number % 2 == 0) {
            flush(present, id, answers);
        }
        // The transaction may be ended once all answers, whatever they are, have arrived.
        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .handle((done, failure) -> true)
                .get(TRANSACTION_TIMEOUT.plus(Application.SLACK).toSeconds(), TimeUnit.SECONDS);
        boolean commit = number % ABORTED_ONE_IN != ABORTED_ONE_IN - 1;
        recorder.journal().ended(id, end(commit, transaction));
    }

    private void flush(Publishing present, TransactionRef id, List<CompletableFuture<MessageId>> answers) {
        try {
            present.producer().flush();
        } catch (PulsarClientException e) {
            return; // one of the messages before it has failed
        }
        for (int i = 0; i < answers.size(); i++) {
            if (!answers.get(i).isDone()) {
                recorder.journal().flushedBefore(id.message(i));
            }
        }
    }

    private static TransactionRef.End end(boolean commit, Transaction transaction) throws InterruptedException {
        try {
            (commit ? transaction.commit() : transaction.abort())
                    .get(TRANSACTION_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return commit ? TransactionRef.End.COMMITTED : TransactionRef.End.ABORTED;
        } catch (ExecutionException | TimeoutException e) {
            return TransactionRef.End.UNKNOWN;
        }
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop(Duration limit) throws InterruptedException {
        thread.stop(limit);
    }

    @Override
    public long held() {
        Publishing present = runtime;
        if (present == null) {
            return 0;
        }
        Snapshot snapshot = present.vela().snapshot();
        return Math.max(snapshot.pendingMessages(), snapshot.pendingBytes());
    }

    @Override
    public void close() {
        Publishing present = runtime;
        if (present != null) {
            present.vela().closeAsync(CLOSE_DRAIN).join();
        }
    }
}
