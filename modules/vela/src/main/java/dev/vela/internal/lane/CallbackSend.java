package dev.vela.internal.lane;

import dev.vela.SendCallback;
import dev.vela.internal.pulsar.EncodedMessage;
import java.time.Duration;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A message whose answer goes to a callback. */
public final class CallbackSend extends Send {
    private static final Logger log = LoggerFactory.getLogger(CallbackSend.class);

    private static final int MOST_REFUSALS = 16;
    private static final ThreadLocal<Integer> REFUSALS = ThreadLocal.withInitial(() -> 0); // nesting depth

    private final SendCallback callback;

    /**
     * Creates a message that an application wants to send.
     *
     * @param callback called with the answer; the other parameters are as for any message
     */
    public CallbackSend(
            EncodedMessage message, int affinity, Duration timeout, OpenSends openSends, SendCallback callback) {
        super(message, affinity, timeout, false, openSends);
        this.callback = callback;
    }

    @Override
    @Nullable
    Observation observation() {
        return callback instanceof Observation its ? its : null;
    }

    @Override
    void answer(@Nullable MessageId receipt, @Nullable Throwable failure, @Nullable Generation counted) {
        tell(callback, receipt, failure);
        super.answer(receipt, failure, counted);
    }

    @Override
    public void refuse(Throwable cause, LaneCounters counters) {
        withinLimit(cause, () -> super.refuse(cause, counters));
    }

    /*
     * A callback that sends a refused message again is refused again, within the call. After too many such attempts an
     * exception stops the callback; otherwise it would go on until the stack is full.
     */
    static void withinLimit(Throwable cause, Runnable refusal) {
        int depth = REFUSALS.get();
        if (depth >= MOST_REFUSALS) {
            throw new IllegalStateException(
                    "a callback sends again what was refused, and is refused again, without end", cause);
        }
        REFUSALS.set(depth + 1);
        try {
            refusal.run();
        } finally {
            if (depth == 0) {
                REFUSALS.remove();
            } else {
                REFUSALS.set(depth);
            }
        }
    }

    /** Calls the callback with the reason why a message was not taken, within the call that sent the message. */
    public static void refuse(SendCallback callback, Throwable cause) {
        withinLimit(cause, () -> tell(callback, null, cause));
    }

    /** Calls the callback, and logs an exception that it throws. */
    public static void tell(SendCallback callback, @Nullable MessageId receipt, @Nullable Throwable failure) {
        try {
            callback.onAnswer(receipt, failure);
        } catch (Throwable thrown) {
            log.warn("A callback failed", thrown);
        }
    }
}
