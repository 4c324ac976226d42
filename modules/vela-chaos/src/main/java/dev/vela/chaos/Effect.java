package dev.vela.chaos;

import dev.vela.chaos.History.Fate;
import java.time.Duration;
import java.util.Collection;

/**
 * The effect of a fault on the messages that were in flight at some time between its start and its end.
 *
 * @param withoutReceipt the number of these messages that were answered without a receipt
 * @param slowest the longest time from a send to its receipt; zero if no message was stored
 */
record Effect(long withoutReceipt, Duration slowest) {

    /**
     * Computes the effect from the fates of the messages that the fault may have affected.
     *
     * @param beginMillis the start of the fault, in milliseconds of the epoch
     * @param endMillis the end of the fault
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
