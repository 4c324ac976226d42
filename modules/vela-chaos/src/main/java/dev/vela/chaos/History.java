package dev.vela.chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The history of a run: messages sent, their answers, and the messages read back. Not thread-safe. */
final class History {

    /** The cause of the answers that a killed application never got. */
    static final String KILLED = "ApplicationKilled";

    private final Map<MessageRef, Fate> fates = new LinkedHashMap<>();
    private final List<Reading> readings = new ArrayList<>();
    private final List<String> oddities = new ArrayList<>();
    private final List<Vitals> vitals = new ArrayList<>();
    private final Map<TransactionRef, TransactionRef.End> transactions = new HashMap<>();
    private final Map<Integer, List<Long>> candidacies = new HashMap<>();
    private final Set<MessageRef> flushedBefore = new HashSet<>();
    private long leaked;

    /** A message with its answer and its readings. Modified only by its history. */
    static final class Fate {
        private final Sent sent;
        private final List<Reading> readings = new ArrayList<>();
        private @Nullable Answer answer;

        private Fate(Sent sent) {
            this.sent = sent;
        }

        Sent sent() {
            return sent;
        }

        /** Returns the readings of the message, in the order of reading. */
        List<Reading> readings() {
            return readings;
        }

        Optional<Answer> answer() {
            return Optional.ofNullable(answer);
        }

        boolean is(Answer.Kind kind) {
            return answer != null && answer.kind() == kind;
        }
    }

    /** Records that a message is about to be sent. */
    void sent(Sent sent) {
        if (fates.putIfAbsent(sent.id(), new Fate(sent)) != null) {
            throw new IllegalArgumentException(sent.id() + " was sent before");
        }
    }

    /** Records the answer of a message. The first answer counts; a second one is an oddity. */
    void answered(MessageRef id, Answer answer) {
        Fate fate = fates.get(id);
        if (fate == null || fate.answer != null) {
            oddities.add(id + (fate == null ? " was answered, but never sent" : " was answered twice"));
        } else {
            fate.answer = answer;
        }
    }

    /** Records that the application was killed: its missing answers become unknown. */
    void died(int life, long atMillis) {
        for (Fate fate : fates.values()) {
            if (fate.sent.id().life() == life && fate.answer == null) {
                fate.answer = new Answer(Answer.Kind.UNKNOWN, atMillis, null, KILLED);
            }
        }
    }

    /** Records that a flush, which began after the message was sent, succeeded while the message had no answer. */
    void flushedBefore(MessageRef id) {
        flushedBefore.add(id);
    }

    /** Records the end of a transaction. */
    void ended(TransactionRef transaction, TransactionRef.End end) {
        transactions.put(transaction, end);
    }

    /** Records that a life started its producer in an exclusive mode, or restarted it by hand. */
    void candidacy(int life, long atMillis) {
        candidacies.computeIfAbsent(life, key -> new ArrayList<>()).add(atMillis);
    }

    /** Records that a partition could not be read to its end, though all faults are over. */
    void unreadable(String partition, String why) {
        oddities.add(partition + " cannot be read to its end: " + why);
    }

    /**
     * Records the amount that was still held after the last answer: the number of messages, or of bytes if that is
     * more.
     */
    void leaked(long amount) {
        leaked += amount;
    }

    /** Records a sample of the application's use of resources. */
    void took(Vitals sample) {
        vitals.add(sample);
    }

    /** Records a message that was read back. Within a partition, readings come in the order of its log. */
    void read(Reading reading) {
        Fate fate = reading.id() == null ? null : fates.get(reading.id());
        if (fate == null || !reading.intact()) {
            oddities.add(reading.partition() + " " + reading.place() + " holds "
                    + (fate == null ? "what nobody sent" : reading.id() + ", altered"));
        }
        if (fate != null) {
            readings.add(reading);
            fate.readings.add(reading);
        }
    }

    Fate fate(MessageRef id) {
        Fate fate = fates.get(id);
        if (fate == null) {
            throw new IllegalArgumentException(id + " was never sent");
        }
        return fate;
    }

    /** Returns all messages, in the order of their sends as far as it is known. */
    Collection<Fate> fates() {
        return fates.values();
    }

    /** Returns the readings of the run's own messages, in the order of reading. */
    List<Reading> readings() {
        return readings;
    }

    /** Returns the end of a transaction; unknown if the application was killed before it learned the end. */
    TransactionRef.End end(TransactionRef transaction) {
        return transactions.getOrDefault(transaction, TransactionRef.End.UNKNOWN);
    }

    /** Returns how often a life had started its producer in an exclusive mode by this time. */
    long candidacies(int life, long untilMillis) {
        return candidacies.getOrDefault(life, List.of()).stream()
                .filter(atMillis -> atMillis <= untilMillis)
                .count();
    }

    /** Returns the messages that had no answer although a flush that covers them had succeeded. */
    Set<MessageRef> flushedBefore() {
        return flushedBefore;
    }

    /** Returns the inconsistencies, in words. */
    List<String> oddities() {
        return oddities;
    }

    /** Returns the samples of the application's use of resources. */
    List<Vitals> vitals() {
        return vitals;
    }

    long leaked() {
        return leaked;
    }
}
