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

/** All that is known of a run: what was sent, what was answered, what was read. Not thread-safe. */
final class History {

    /** The cause of an answer that nobody was left to hear. */
    static final String KILLED = "ApplicationKilled";

    private final Map<MessageRef, Fate> fates = new LinkedHashMap<>();
    private final List<Reading> readings = new ArrayList<>();
    private final List<String> oddities = new ArrayList<>();
    private final List<Vitals> vitals = new ArrayList<>();
    private final Map<TransactionRef, TransactionRef.End> transactions = new HashMap<>();
    private final Map<Integer, List<Long>> candidacies = new HashMap<>();
    private final Set<MessageRef> flushedBefore = new HashSet<>();
    private long leaked;

    /** A message and all that became of it. Changed by its history alone. */
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

        /** Where it was read, in the order of reading. */
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

    /** It is about to be sent. */
    void sent(Sent sent) {
        if (fates.putIfAbsent(sent.id(), new Fate(sent)) != null) {
            throw new IllegalArgumentException(sent.id() + " was sent before");
        }
    }

    /** Its answer came. The first one counts; a second one is an oddity. */
    void answered(MessageRef id, Answer answer) {
        Fate fate = fates.get(id);
        if (fate == null || fate.answer != null) {
            oddities.add(id + (fate == null ? " was answered, but never sent" : " was answered twice"));
        } else {
            fate.answer = answer;
        }
    }

    /** The application was killed: nobody will learn the answers that had not come. */
    void died(int life, long atMillis) {
        for (Fate fate : fates.values()) {
            if (fate.sent.id().life() == life && fate.answer == null) {
                fate.answer = new Answer(Answer.Kind.UNKNOWN, atMillis, null, KILLED);
            }
        }
    }

    /** A flush that began after the message was sent succeeded while the message had no answer. */
    void flushedBefore(MessageRef id) {
        flushedBefore.add(id);
    }

    /** A transaction ended. */
    void ended(TransactionRef transaction, TransactionRef.End end) {
        transactions.put(transaction, end);
    }

    /** A life started its producer in an exclusive mode, or started it again by hand. */
    void candidacy(int life, long atMillis) {
        candidacies.computeIfAbsent(life, key -> new ArrayList<>()).add(atMillis);
    }

    /** A partition could not be read to its end, though no fault is there any more. */
    void unreadable(String partition, String why) {
        oddities.add(partition + " cannot be read to its end: " + why);
    }

    /** After the last answer, so much was still held: messages, or bytes where that is more. */
    void leaked(long amount) {
        leaked += amount;
    }

    /** The application took up so much. */
    void took(Vitals sample) {
        vitals.add(sample);
    }

    /** It was read back. Within a partition in the order of its log. */
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

    /** All messages, in the order of their sends as far as that is known. */
    Collection<Fate> fates() {
        return fates.values();
    }

    /** Everything of ours that was read, in the order of reading. */
    List<Reading> readings() {
        return readings;
    }

    /** How a transaction ended; unknown where the application was killed before it learned that. */
    TransactionRef.End end(TransactionRef transaction) {
        return transactions.getOrDefault(transaction, TransactionRef.End.UNKNOWN);
    }

    /** How often a life had started its producer in an exclusive mode by this time. */
    long candidacies(int life, long untilMillis) {
        return candidacies.getOrDefault(life, List.of()).stream()
                .filter(atMillis -> atMillis <= untilMillis)
                .count();
    }

    /** The messages that had no answer when a flush that covers them had succeeded. */
    Set<MessageRef> flushedBefore() {
        return flushedBefore;
    }

    /** What does not fit together, in words. */
    List<String> oddities() {
        return oddities;
    }

    /** What the application took up, from time to time. */
    List<Vitals> vitals() {
        return vitals;
    }

    long leaked() {
        return leaked;
    }
}
