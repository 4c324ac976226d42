package dev.vela.chaos;

import dev.vela.chaos.History.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Judges one history. Its only state is its findings so far. */
final class Judge {
    /*
     * The promise on order: the messages that one thread sent with one key, if answered as stored, lie in the log in
     * the order of their sends. If there are copies, some copy of the earlier message lies before some copy of the
     * later message: the official client resends messages without a receipt, in order, and a broker whose bookie dies
     * may already have stored a later message when it fails an earlier one. A message whose answer is UNKNOWN may have
     * been overtaken, because it may be stored long after its sender got the answer. A message sent from a callback has
     * no particular sending thread. The same promise holds for messages without a key in a topic without partitions. In
     * a topic with partitions, nothing is promised for messages without a key: messages that a dead partition could not
     * accept go to another partition, behind the messages sent there meanwhile. And a key stays on its partition.
     */
    private static final int MOST_EXAMPLES = 20;

    private final History history;
    private final Promises promises;
    private final List<String> examples = new ArrayList<>();

    private Judge(History history, Promises promises) {
        this.history = history;
        this.promises = promises;
    }

    /** Returns the verdict on a history under these promises. */
    static Verdict judge(History history, Promises promises) {
        return new Judge(history, promises).judge();
    }

    /** Collects violations, in words. */
    @FunctionalInterface
    interface Examples {
        void add(String words);
    }

    private Verdict judge() {
        long dishonest = history.oddities().size();
        history.oddities().forEach(this::example);
        long lost = 0;
        long dropped = 0;
        long duplicated = 0;
        long unanswered = 0;
        for (Fate fate : history.fates()) {
            if (isMissing(fate)) {
                if (isDropped(fate)) {
                    dropped++;
                } else {
                    lost++;
                    example("lost: " + fate.sent() + ", " + fate.answer().orElseThrow());
                }
            }
            duplicated += duplicates(fate);
            unanswered += isUnanswered(fate) ? 1 : 0;
            dishonest += isDishonest(fate) ? 1 : 0;
        }
        if (dropped > 0) {
            example("dropped by the broker, which had failed to write to their topics meanwhile: " + dropped);
        }
        for (MessageRef id : history.flushedBefore()) {
            unanswered++;
            example("flushed, and not answered: " + history.fate(id).sent());
        }
        long outOfOrder = overtaken() + astray();
        if (history.leaked() > 0) {
            example("still held after the last answer: " + history.leaked());
        }
        return new Verdict(
                history.fates().size(),
                count(Answer.Kind.STORED),
                count(Answer.Kind.FAILED),
                count(Answer.Kind.UNKNOWN),
                history.fates().stream()
                        .filter(fate ->
                                fate.is(Answer.Kind.UNKNOWN) && !fate.readings().isEmpty())
                        .count(),
                lost,
                dropped,
                duplicated,
                outOfOrder,
                unanswered,
                history.leaked(),
                dishonest,
                new ShortLivedJudge(history, promises, this::example).abandoned(),
                new LeadershipJudge(history, this::example).usurped(promises.leadership()),
                new TransactionJudge(history, this::example).torn(),
                promises.deduplicated(),
                List.copyOf(examples));
    }

    private long count(Answer.Kind kind) {
        return history.fates().stream().filter(fate -> fate.is(kind)).count();
    }

    private boolean isMissing(Fate fate) {
        return fate.is(Answer.Kind.STORED)
                && fate.readings().isEmpty()
                && !promises.mayBeWiped(fate.sent())
                && !TransactionJudge.mayBeInvisible(fate, history);
    }

    /** Whether the broker treated the message as a duplicate, after a failed write that may have been this message. */
    private boolean isDropped(Fate fate) {
        Answer answer = fate.answer().orElseThrow();
        return answer.receipt() == null
                && promises.failures().isAny(fate.sent().topic(), fate.sent().atMillis(), answer.atMillis());
    }

    private long duplicates(Fate fate) {
        long copies = Math.max(0, fate.readings().size() - 1);
        if (copies > 0 && promises.deduplicated()) {
            example("duplicated: " + fate.readings());
        }
        return copies;
    }

    private boolean isUnanswered(Fate fate) {
        long limit = fate.sent().timeoutMillis() + promises.slack().toMillis();
        boolean late = fate.answer()
                .map(answer -> answer.atMillis() - fate.sent().atMillis() > limit && !isOfTheDead(answer))
                .orElse(true);
        if (late) {
            example("not answered in time: " + fate.sent() + ", "
                    + fate.answer().map(Answer::toString).orElse("never"));
        }
        return late;
    }

    /** Whether the application was killed before the answer arrived. */
    private static boolean isOfTheDead(Answer answer) {
        return History.KILLED.equals(answer.cause());
    }

    private boolean isDishonest(Fate fate) {
        if (fate.is(Answer.Kind.FAILED) && !fate.readings().isEmpty()) {
            example("said not to be stored: " + fate.answer().orElseThrow() + ", but " + fate.readings());
            return true;
        }
        @Nullable String receipt = fate.answer().map(Answer::receipt).orElse(null);
        boolean elsewhere = receipt != null
                && fate.sent().nature() != Sent.Nature.CHUNKED
                && !fate.readings().isEmpty()
                && fate.readings().stream().noneMatch(reading -> reading.place().equals(receipt))
                && !promises.mayBeWiped(fate.sent());
        if (elsewhere) {
            example("receipt " + receipt + ", but " + fate.readings());
        }
        return elsewhere;
    }

    /** The messages of one thread with one key, or without a key, in one partition. */
    private record Line(
            String partition,
            int life,
            int sender,
            @Nullable String key) {}

    private long overtaken() {
        Map<Line, MessageRef> furthest = new HashMap<>(); // only of messages at their last copy
        long overtaken = 0;
        for (Reading reading : history.readings()) {
            Fate fate = history.fate(fate(reading));
            MessageRef id = fate.sent().id();
            if (!isOrdered(fate.sent(), reading) || !fate.is(Answer.Kind.STORED)) {
                continue;
            }
            Line line = new Line(
                    reading.partition(), id.life(), id.sender(), fate.sent().key());
            MessageRef before = furthest.get(line);
            boolean isBehind = before != null && before.number() > id.number();
            if (isBehind && reading.equals(fate.readings().get(0))) {
                overtaken++;
                example("overtaken by " + before + ": " + reading);
            }
            if (!isBehind && reading.equals(fate.readings().get(fate.readings().size() - 1))) {
                furthest.put(line, id);
            }
        }
        return overtaken;
    }

    private static boolean isOrdered(Sent sent, Reading reading) {
        boolean hasPartitions = !reading.partition().equals(sent.topic());
        return sent.ordered() && (sent.key() != null || !hasPartitions);
    }

    private static MessageRef fate(Reading reading) {
        MessageRef id = reading.id();
        if (id == null) {
            throw new IllegalArgumentException(reading + " is none of ours");
        }
        return id;
    }

    private long astray() {
        Map<List<String>, String> homes = new HashMap<>();
        long astray = 0;
        for (Reading reading : history.readings()) {
            Sent sent = history.fate(fate(reading)).sent();
            if (sent.key() == null || promises.grown().contains(sent.topic())) {
                continue;
            }
            String home = homes.putIfAbsent(List.of(sent.topic(), sent.key()), reading.partition());
            if (home != null && !home.equals(reading.partition())) {
                astray++;
                example("away from " + home + ", where its key is: " + reading);
            }
        }
        return astray;
    }

    private void example(String words) {
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(words);
        }
    }
}
