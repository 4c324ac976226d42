package dev.vela.chaos;

import dev.vela.chaos.History.Fate;
import java.time.Duration;
import java.util.Collection;

/**
 * What messages felt of a fault: those that were on their way at some time between its begin and its end.
 *
 * @param withoutReceipt how many of them were answered, but without a receipt
 * @param slowest the longest time from a send to its receipt; zero if none was stored
 */
record Effect(long withoutReceipt, Duration slowest) {

    /**
     * Reads it off the fates of the messages that it may have met.
     *
     * @param beginMillis when the fault began, in milliseconds of the epoch
     * @param endMillis when it ended
     */
    static Effect of(Collection<Fate> fates, long beginMillis, long endMillis) {
        long withoutReceipt = 0;
        long slowestMillis = 0;
        for (Fate fate : fates) {
            Answer answer = fate.answer().orElse(null);
            if (answer == null || answer.atMillis() < beginMillis || fate.sent().atMillis() > endMillis) {
                continue;
            }
            if (answer.kind() == Answer.Kind.STORED) {
                slowestMillis =
                        Math.max(slowestMillis, answer.atMillis() - fate.sent().atMillis());
            } else {
                withoutReceipt++;
            }
        }
        return new Effect(withoutReceipt, Duration.ofMillis(slowestMillis));
    }
}
