package dev.vela.chaos;

import dev.vela.chaos.History.Fate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Judges transactions. That each message of a committed one is visible, once, is judged as it is of any other message; here is
 * judged that an aborted one is not visible, and that one whose end nobody knows is visible whole or not at all, as far as its
 * messages were answered as stored.
 */
final class TransactionJudge {

    private final History history;
    private final Judge.Examples examples;

    TransactionJudge(History history, Judge.Examples examples) {
        this.history = history;
        this.examples = examples;
    }

    /** Whether a message that was stored may be invisible, since its transaction is not known to be committed. */
    static boolean mayBeInvisible(Fate fate, History history) {
        return fate.sent().nature() == Sent.Nature.TRANSACTIONAL
                && history.end(TransactionRef.of(fate.sent().id())) != TransactionRef.End.COMMITTED;
    }

    /** How many transactions are visible in part, or though they were aborted. */
    long torn() {
        Map<TransactionRef, List<Fate>> transactions = history.fates().stream()
                .filter(fate -> fate.sent().nature() == Sent.Nature.TRANSACTIONAL)
                .collect(Collectors.groupingBy(
                        fate -> TransactionRef.of(fate.sent().id()), LinkedHashMap::new, Collectors.toList()));
        return transactions.entrySet().stream()
                .filter(entry -> isTorn(entry.getKey(), entry.getValue()))
                .count();
    }

    private boolean isTorn(TransactionRef transaction, List<Fate> messages) {
        TransactionRef.End end = history.end(transaction);
        boolean torn = switch (end) {
            case COMMITTED -> false;
            case ABORTED -> messages.stream().anyMatch(TransactionJudge::isVisible);
            case UNKNOWN ->
                messages.stream()
                                .filter(fate -> fate.is(Answer.Kind.STORED))
                                .map(TransactionJudge::isVisible)
                                .distinct()
                                .count()
                        > 1;
        };
        if (torn) {
            examples.add("transaction " + transaction + ", end " + end + ", is visible in part: "
                    + messages.stream()
                            .map(fate -> fate.sent().id() + (isVisible(fate) ? " visible" : " not visible"))
                            .collect(Collectors.joining(", ")));
        }
        return torn;
    }

    private static boolean isVisible(Fate fate) {
        return !fate.readings().isEmpty();
    }
}
