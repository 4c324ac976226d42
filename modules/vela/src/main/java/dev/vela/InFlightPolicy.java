package dev.vela;

/**
 * What becomes of messages that were handed to a producer and have no receipt when it dies.
 *
 * <p>A producer that merely reconnects is not dead: the official client sends what is in flight again by itself, under
 * either policy. Messages that were never handed to a producer are not concerned either: they wait for the next one.
 */
public enum InFlightPolicy {
    /**
     * Each of them is answered at once with {@link ProducerDiedException} and {@link Outcome#UNKNOWN}. Nothing is sent
     * again: the application decides.
     */
    REPORT,

    /**
     * They are kept, and the producer's successor sends them again: under the same producer name, in the same entries with
     * the same sequence ids, in order, and before anything newer.
     *
     * <p>Where the namespace deduplicates, each of them is stored exactly once, in order. The receipt of one that was stored
     * before its producer died may say that it is a {@linkplain SupervisedProducer#isDuplicate duplicate}, which is a
     * success. Without deduplication each is stored at least once: what the dead producer had stored, and was not told of,
     * is stored again.
     *
     * <p>Until the successor has them they count as pending, and newer messages of their producer wait behind them. A
     * message whose timeout ends meanwhile is answered with {@link SendTimeoutException} and {@link Outcome#UNKNOWN}, and
     * is sent again with the rest all the same: left out, it would be gone for good as soon as a later one is stored.
     *
     * <p>Nothing is sent again where there is no successor that could: when its producer was fenced or waits for exclusive
     * access, another producer had, or may have had, exclusive access since, the topic is terminated, the broker refuses the successor (schema, authorization), the producer is stopped,
     * or its restarts are used up. Then each is answered with {@link ProducerDiedException} and {@link Outcome#UNKNOWN}.
     */
    REPLAY
}
