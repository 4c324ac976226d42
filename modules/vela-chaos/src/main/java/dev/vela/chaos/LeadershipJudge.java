package dev.vela.chaos;

import dev.vela.chaos.Promises.Leadership;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges a topic that has one leader at a time. Its log consists of reigns: runs of messages of one application. The
 * broker appends no message of a leader after it has admitted another leader, so messages in flight at that moment lie
 * before the first message of the new reign.
 *
 * <p>With fencing each start of an application's producer, by hand, allows one reign: a message in the application's
 * second reign must have been sent after its second start. In the mode in which applications wait for their turn, a
 * reign may begin without a start. But a message given to a leader before another application's reign began must not be
 * stored after that reign began.
 */
final class LeadershipJudge {
    /*
     * A producer that is being created may accept a message, which is stored in the next reign of its application: the
     * message was not sent before. Vela needs half a second and a lookup to find out that the producer has to wait
     * instead, and then refuses messages.
     */
    private static final long UNDECIDED_MILLIS = 5_000;

    private final History history;
    private final Judge.Examples examples;
    private final Map<Integer, Integer> reigns = new HashMap<>();

    LeadershipJudge(History history, Judge.Examples examples) {
        this.history = history;
        this.examples = examples;
    }

    /** Returns the number of messages that were stored by a leader whose reign was over. */
    long usurped(@Nullable Leadership promises) {
        if (promises == null) {
            return 0;
        }
        long usurped = 0;
        int leader = -1;
        long othersBeganMillis = Long.MIN_VALUE; // when the last reign of another application began
        long beganMillis = Long.MIN_VALUE; // when the present reign began
        for (Reading reading : history.readings()) {
            MessageRef id = reading.id();
            if (id == null || !reading.partition().equals(promises.topic())) {
                continue;
            }
            long sentMillis = history.fate(id).sent().atMillis();
            if (id.life() != leader) {
                othersBeganMillis = beganMillis;
                beganMillis = sentMillis;
                leader = id.life();
                reigns.merge(leader, 1, Integer::sum);
            }
            boolean wrong = promises.fencing()
                    ? history.candidacies(leader, sentMillis) < reigns.getOrDefault(leader, 0)
                    : sentMillis + UNDECIDED_MILLIS < othersBeganMillis;
            if (wrong) {
                usurped++;
                examples.add("stored by a leader whose time was over: " + reading + ", sent at " + sentMillis
                        + " in reign " + reigns.get(leader) + " of " + leader + ", after "
                        + history.candidacies(leader, sentMillis) + " starts; another one's reign began at "
                        + othersBeganMillis);
            }
        }
        return usurped;
    }
}
