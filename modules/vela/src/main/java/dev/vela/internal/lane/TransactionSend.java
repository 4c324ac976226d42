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
     * The transaction gets a separate future: the application may complete or cancel the send itself, and a commit must
     * wait for the true answer. The separate future is completed in the completion queue, after the send, since the
     * commit continues on the completing thread.
     */
    private @Nullable Completions completions; // until the answer is given, as for the callback
    private final boolean isUrgent;
    private final boolean isToldLater; // whether a thread waits, which must not wait for the callback
    private @Nullable SendCallback callback; // until it is called: the application may keep the future
    private final CompletableFuture<MessageId> answered = new CompletableFuture<>();

    /**
     * Creates a message that an application wants to send.
     *
     * @param completions the queue that notifies the transaction of the answer
     * @param atOnce whether a thread that waits gets the answer before the callback is called
     * @param callback called with the answer, or null; the other parameters are as for any message
     */
    public TransactionSend(
            EncodedMessage message,
            int affinity,
            Duration timeout,
            boolean waitedFor,
            boolean atOnce,
            OpenSends openSends,
            Completions completions,
            @Nullable SendCallback callback) {
        super(message, affinity, timeout, waitedFor && (atOnce || callback == null), openSends);
        this.isUrgent = waitedFor;
        this.completions = completions;
        this.isToldLater = isWaitedFor() && callback != null;
        this.callback = callback;
    }

    /**
     * The answer, for the transaction alone. Completes after the send, regardless of what the application does to the
     * send.
     */
    public CompletableFuture<MessageId> forTransaction() {
        return answered;
    }

    @Override
    boolean isUrgent() {
        return isUrgent;
    }

    @Override
    public void refuse(Throwable cause, LaneCounters counters) {
        CallbackSend.withinLimit(cause, () -> super.refuse(cause, counters));
    }

    @Override
    @Nullable
    Observation observation() {
        return callback instanceof Observation its ? its : null;
    }

    @Override
    void answer(@Nullable MessageId receipt, @Nullable Throwable failure, @Nullable Generation counted) {
        Completions completing = Objects.requireNonNull(completions);
        completions = null;
        SendCallback telling = callback;
        callback = null;
        Generation openUntilTold =
                isToldLater ? counted : null; // also null if it was never counted: no stop would wait
        if (openUntilTold != null) {
            openUntilTold.accepted(1); // nothing that the callback needs may be closed before the call
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
