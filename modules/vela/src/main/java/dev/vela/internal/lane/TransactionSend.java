package dev.vela.internal.lane;

import dev.vela.SendCallback;
import dev.vela.internal.pulsar.EncodedMessage;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/** A message of a transaction, whose commit waits for the answer. */
public final class TransactionSend extends Send {
    /*
     * The transaction gets a future of its own: the application may complete or cancel this one, and a commit must wait for
     * the true answer. That future completes in the completion queue, behind this one, since a commit goes on where it does.
     */
    private @Nullable Completions completions; // until it is told, as is the callback
    private final boolean isToldLater; // whether a thread waits, which must not wait for the callback, too
    private @Nullable SendCallback callback; // until it is told: the application may keep the future
    private final CompletableFuture<MessageId> answered = new CompletableFuture<>();

    /**
     * Creates a message that an application wants to send.
     *
     * @param completions where the transaction is notified of the answer
     * @param callback told the answer, behind the future if a thread waits for that alone; or null; the rest is as for any
     *     message
     */
    public TransactionSend(
            EncodedMessage message,
            int affinity,
            Duration timeout,
            boolean waitedFor,
            OpenSends openSends,
            Completions completions,
            @Nullable SendCallback callback) {
        super(message, affinity, timeout, waitedFor, openSends);
        this.completions = completions;
        this.isToldLater = waitedFor && callback != null;
        this.callback = callback;
    }

    /** The answer, for the transaction alone: completes after this future, and whatever is done to that one. */
    public CompletableFuture<MessageId> forTransaction() {
        return answered;
    }

    @Override
    public void refuse(Throwable cause, LaneCounters counters) {
        CallbackSend.withinLimit(cause, () -> super.refuse(cause, counters));
    }

    @Override
    void answer(@Nullable MessageId receipt, @Nullable Throwable failure, @Nullable Generation counted) {
        Completions completing = Objects.requireNonNull(completions);
        completions = null;
        SendCallback telling = callback;
        callback = null;
        Generation openUntilTold =
                isToldLater ? counted : null; // null, too, if it was never counted: no stop would wait
        if (openUntilTold != null) {
            openUntilTold.accepted(1); // nothing that the callback needs may be closed before it has been called
        }
        try {
            if (telling != null && openUntilTold == null) {
                CallbackSend.tell(telling, receipt, failure);
            }
            super.answer(receipt, failure, counted);
        } finally {
            completing.deliver(new Completions.Delivery() {
                @Override
                void deliver() {
                    if (telling != null && openUntilTold != null) {
                        CallbackSend.tell(telling, receipt, failure);
                        openUntilTold.completed(1);
                    }
                    if (failure != null) {
                        answered.completeExceptionally(failure);
                    } else {
                        answered.complete(receipt);
                    }
                }
            });
        }
    }
}
