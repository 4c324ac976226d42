package dev.vela.chaos;

import dev.vela.chaos.History.Fate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Judges transactions: an aborted transaction must not be visible, and a transaction with an unknown end must be
 * visible as a whole or not at all, as far as its messages were answered as stored. {@link Judge} checks that each
 * message of a committed transaction is visible once, as for any other message.
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

    /** Returns the number of transactions that are visible in part, or although they were aborted. */
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
