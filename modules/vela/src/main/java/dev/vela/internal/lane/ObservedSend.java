package dev.vela.internal.lane;

import dev.vela.SendCallback;
import dev.vela.internal.pulsar.EncodedMessage;
import java.time.Duration;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * A message whose answer interceptors are told, too: before its future completes, on the worker of the completion queue. Where
 * a thread waits for the answer alone, it gets it at once, and they are told when their turn comes.
 */
public final class ObservedSend extends Send {
    private final @Nullable Completions completions; // null unless a thread waits
    private final @Nullable OpenSends openUntilTold; // null unless a thread waits
    private @Nullable SendCallback observer; // until it is told: the application may keep the future

    /**
     * Creates a message that somebody wants to send.
     *
     * @param completions where the observer is told if a thread waits for the answer
     * @param observer told the answer; the rest is as for any message
     */
    public ObservedSend(
            EncodedMessage message,
            int affinity,
            Duration timeout,
            boolean waitedFor,
            OpenSends ledger,
            Completions completions,
            SendCallback observer) {
        super(message, affinity, timeout, waitedFor, ledger);
        this.completions = waitedFor ? completions : null;
        this.openUntilTold = waitedFor ? ledger : null;
        this.observer = observer;
    }

    @Override
    void answer(@Nullable MessageId receipt, @Nullable Throwable failure) {
        SendCallback telling = observer;
        observer = null;
        if (telling == null || completions == null || openUntilTold == null) {
            if (telling != null) {
                CallbackSend.tell(telling, receipt, failure);
            }
            super.answer(receipt, failure);
            return;
        }
        openUntilTold.opened(1); // whatever is told must not be closed before
        completions.deliver(new Later(openUntilTold, telling, receipt, failure));
        super.answer(receipt, failure);
    }

    private static final class Later extends Completions.Delivery {
        private final OpenSends openUntilTold;
        private final SendCallback observer;
        private final @Nullable MessageId receipt;
        private final @Nullable Throwable cause;

        Later(OpenSends openUntilTold, SendCallback observer, @Nullable MessageId receipt, @Nullable Throwable cause) {
            this.openUntilTold = openUntilTold;
            this.observer = observer;
            this.receipt = receipt;
            this.cause = cause;
        }

        @Override
        void deliver() {
            try {
                CallbackSend.tell(observer, receipt, cause);
            } finally {
                openUntilTold.answered(1);
            }
        }
    }
}
