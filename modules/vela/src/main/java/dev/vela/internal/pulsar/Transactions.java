package dev.vela.internal.pulsar;

import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.apache.pulsar.client.impl.transaction.TransactionImpl;
import org.jspecify.annotations.Nullable;

/** The calls that a producer must make to a transaction. */
public final class Transactions {
    private Transactions() {}

    /** Registers a topic or partition that messages go to; fails if the transaction is not open. */
    public static CompletableFuture<Void> registerTopic(Transaction transaction, String topic) {
        try {
            return ((TransactionImpl) transaction).registerProducedTopic(topic);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Why the transaction accepts no more messages; null while it is open. */
    public static @Nullable Throwable whyClosed(Transaction transaction) {
        TransactionImpl official = (TransactionImpl) transaction;
        if (official.getState() == Transaction.State.OPEN) {
            return null;
        }
        CompletableFuture<Void> refusal = new CompletableFuture<>();
        official.checkIfOpen(refusal);
        return Failures.of(refusal);
    }

    /** Makes the transaction's commit wait for this send. */
    public static void registerSend(Transaction transaction, CompletableFuture<MessageId> send) {
        ((TransactionImpl) transaction).registerSendOp(send);
    }

    /** Throws unless the transaction belongs to the official client. */
    public static void check(Transaction transaction) {
        if (!(transaction instanceof TransactionImpl)) {
            throw new IllegalArgumentException("txn must be a transaction of the official client, was "
                    + transaction.getClass().getName());
        }
    }
}
