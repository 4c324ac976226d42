package dev.vela.internal.lane;

import dev.vela.SendCallback;
import dev.vela.internal.pulsar.EncodedMessage;
import java.time.Duration;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * A message whose answer is also reported to interceptors, before its future completes, on the worker of the completion
 * queue. A thread that waits for the answer may get it at once instead; then the interceptors are notified in their turn.
 */
public final class ObservedSend extends Send {
    private final boolean isUrgent;
    private final @Nullable Completions completions; // null unless a thread gets the answer at once
    private @Nullable SendCallback observer; // until it is called: the application may keep the future

    /**
     * Creates a message that an application wants to send.
     *
     * @param waitedFor whether a thread waits for the answer
     * @param atOnce whether a thread that waits gets the answer before the observer is called
     * @param completions the queue that calls the observer
     * @param observer called with the answer; the other parameters are as for any message
     */
    public ObservedSend(
            EncodedMessage message,
            int affinity,
            Duration timeout,
            boolean waitedFor,
            boolean atOnce,
            OpenSends openSends,
            Completions completions,
            SendCallback observer) {
        super(message, affinity, timeout, waitedFor && atOnce, openSends);
        this.isUrgent = waitedFor;
        this.completions = isWaitedFor() ? completions : null;
        this.observer = observer;
    }

    @Override
    boolean isUrgent() {
        return isUrgent;
    }

    @Override
    @Nullable
    Observation observation() {
        return observer instanceof Observation its ? its : null;
    }

    @Override
    void answer(@Nullable MessageId receipt, @Nullable Throwable failure, @Nullable Generation counted) {
        SendCallback telling = observer;
        observer = null;
        Completions later = completions;
        try {
            if (telling != null && later != null && counted != null) {
                later.deliver(new Later(telling, receipt, failure, counted));
            } else if (telling != null) { // also if the message was never counted: no stop would wait
                CallbackSend.tell(telling, receipt, failure);
            }
        } finally {
            super.answer(receipt, failure, counted);
        }
    }

    private static final class Later extends Completions.Delivery {
        private final SendCallback observer;
        private final @Nullable MessageId receipt;
        private final @Nullable Throwable cause;
        private final Generation counted;

        /**
         * Creates the delivery that calls the observer. The message stays counted until the observer has been called.
         */
        Later(SendCallback observer, @Nullable MessageId receipt, @Nullable Throwable cause, Generation counted) {
            this.observer = observer;
            this.receipt = receipt;
            this.cause = cause;
            this.counted = counted;
            counted.accepted(1);
        }

        @Override
        void deliver() {
            try {
                CallbackSend.tell(observer, receipt, cause);
            } finally {
                counted.completed(1);
            }
        }
    }
}
