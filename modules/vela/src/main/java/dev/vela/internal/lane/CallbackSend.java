package dev.vela.internal.lane;

import dev.vela.SendCallback;
import dev.vela.internal.pulsar.OutgoingMessage;
import java.time.Duration;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A message whose answer goes to a callback. The future is for flushes alone. */
public final class CallbackSend extends Send {
    private static final Logger log = LoggerFactory.getLogger(CallbackSend.class);

    private final SendCallback callback;

    /**
     * A message that somebody wants to send.
     *
     * @param callback told the answer; the rest is as for any message
     */
    public CallbackSend(OutgoingMessage message, int affinity, Duration timeout, Ledger ledger, SendCallback callback) {
        super(message, affinity, timeout, false, ledger);
        this.callback = callback;
    }

    @Override
    void answer(@Nullable MessageId receipt, @Nullable Throwable failure) {
        tell(callback, receipt, failure);
        super.answer(receipt, failure);
    }

    /** Calls back, and logs what that throws. */
    public static void tell(SendCallback callback, @Nullable MessageId receipt, @Nullable Throwable failure) {
        try {
            callback.answered(receipt, failure);
        } catch (Throwable thrown) {
            log.warn("A callback failed", thrown);
        }
    }
}
