package dev.vela;

/**
 * What happens to messages that a producer has in flight, without a receipt, when it dies.
 *
 * <p>A producer that merely reconnects is not dead: the official client sends in-flight messages again by itself, under
 * either policy. Messages that were never handed to a producer are not affected either: they wait for the next
 * producer.
 */
public enum InFlightPolicy {
    /**
     * Each message is answered at once with {@link ProducerDiedException} and {@link Outcome#UNKNOWN}. Nothing is sent
     * again: the application decides.
     */
    REPORT,

    /**
     * The messages are kept, and the producer's successor sends them again: under the same producer name, in the same
     * entries with the same sequence ids, in order, and before anything newer.
     *
     * <p>Where the namespace deduplicates, each message is stored exactly once, in order. If a message was stored
     * before its producer died, its receipt may say that it is a {@linkplain SupervisedProducer#isDuplicate duplicate},
     * which is a success. Without deduplication each message is stored at least once: a message that the dead producer
     * stored without getting the receipt is stored again.
     *
     * <p>Until the successor has the messages they count as pending, and newer messages of their producer wait behind
     * them. A message that times out meanwhile is answered with {@link SendTimeoutException} and
     * {@link Outcome#UNKNOWN}, but is still sent again with the rest: if left out, it would be lost for good as soon as
     * a later message is stored.
     *
     * <p>Nothing is sent again when no successor can do so: the producer was fenced or waits for exclusive access,
     * another producer had, or may have had, exclusive access since, the topic is terminated, the broker refuses the
     * successor (schema, authorization), the producer is stopped, or its restarts are used up. Then each message is
     * answered with {@link ProducerDiedException} and {@link Outcome#UNKNOWN}.
     */
    REPLAY
}
