package dev.vela;

import dev.vela.internal.checks.Checks;
import java.time.Duration;
import java.util.Objects;

/**
 * How a producer batches messages into entries.
 *
 * <p>An entry is sent when it is full (messages or bytes), when its oldest message has waited for the flush interval,
 * or, by default, as soon as waiting would gain nothing, see {@link Flush#WHEN_IDLE}. So the interval is a ceiling, not
 * a fixed delay; only brokers that are too busy for an entry in each interval raise it. A message whose timeout (30 s
 * by default) is no longer than the interval makes its entry leave at once. A message that cannot share an entry
 * (delayed, in a transaction, with another schema, too large) goes alone, after the entry before it has left, so the
 * order is kept.
 *
 * <p>Immutable.
 *
 * @param maxMessages the maximum number of messages in an entry, at least 2
 * @param maxBytes the maximum size of an entry in bytes, before compression, from 128 bytes to 4 MiB and less than the
 *     broker accepts; a larger message goes alone
 * @param flushInterval how long a message waits for others at most while brokers keep up, from 1 ms to 1 minute
 * @param flush when an entry leaves before it is full
 * @param keyBased whether an entry holds messages of one key only, for consumers of a Key_Shared subscription;
 *     otherwise an entry carries the key of its first message
 */
public record Batching(int maxMessages, int maxBytes, Duration flushInterval, Flush flush, boolean keyBased) {

    private static final int LEAST_BYTES = 128;
    private static final int MOST_BYTES = 4 * 1024 * 1024; // a broker accepts 5 MiB by default, overhead included
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** When an entry that is not full leaves. */
    public enum Flush {
        /**
         * When its producer has no messages in flight, or fewer than 256 and its last entry left an eighth of a round
         * trip ago. While entries of the runtime queue up on their way to the brokers, an entry also waits for its turn
         * among all producers, so that entries grow instead of the queue. At the latest, an entry leaves at the flush
         * interval; or, if the brokers are so busy that two round trips take longer, others of the producer are in
         * flight and no timeout is near, after two round trips, but no later than ten intervals.
         */
        WHEN_IDLE,
        /** At the flush interval, or with a message whose sender blocks until it is answered. */
        AT_INTERVAL
    }

    /**
     * Creates a batching configuration and checks all values.
     *
     * @throws NullPointerException if {@code flushInterval} or {@code flush} is null
     * @throws IllegalArgumentException if a number or the interval is out of its range
     */
    public Batching {
        Objects.requireNonNull(flushInterval, "flushInterval");
        Objects.requireNonNull(flush, "flush");
        Checks.atLeast("maxMessages", 2, maxMessages);
        Checks.inRange("maxBytes", LEAST_BYTES, MOST_BYTES, maxBytes);
        Checks.check(
                flushInterval.compareTo(SHORTEST) >= 0 && flushInterval.compareTo(LONGEST) <= 0,
                "flushInterval",
                "be in [1 ms, 1 min]",
                flushInterval);
    }

    /** 1000 messages, 128 KiB, 10 ms; entries leave when idle and may mix keys. */
    public static Batching defaults() {
        return new Batching(1000, 128 * 1024, Duration.ofMillis(10), Flush.WHEN_IDLE, false);
    }

    /**
     * Returns a copy with another maximum number of messages.
     *
     * @throws IllegalArgumentException if it is below 2
     */
    public Batching withMaxMessages(int messages) {
        return new Batching(messages, maxBytes, flushInterval, flush, keyBased);
    }

    /**
     * Returns a copy with another maximum number of bytes.
     *
     * @throws IllegalArgumentException if it is below 128 bytes or above 4 MiB
     */
    public Batching withMaxBytes(int bytes) {
        return new Batching(maxMessages, bytes, flushInterval, flush, keyBased);
    }

    /**
     * Returns a copy with another flush interval.
     *
     * @throws IllegalArgumentException if it is shorter than 1 ms or longer than 1 minute
     */
    public Batching withFlushInterval(Duration interval) {
        return new Batching(maxMessages, maxBytes, interval, flush, keyBased);
    }

    /** Returns a copy with another rule for entries that are not full. */
    public Batching withFlush(Flush when) {
        return new Batching(maxMessages, maxBytes, flushInterval, when, keyBased);
    }

    /** Returns a copy with one key in each entry. */
    public Batching withKeyBased() {
        return new Batching(maxMessages, maxBytes, flushInterval, flush, true);
    }
}
