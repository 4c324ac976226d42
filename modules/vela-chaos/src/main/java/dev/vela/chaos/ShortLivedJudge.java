package dev.vela.chaos;

import dev.vela.chaos.History.Fate;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Judges messages whose handles are closed right after the send. A close waits for answers until its time limit, so
 * such a message must not be refused earlier, unless nothing could be stored in its topic. Other messages stored
 * meanwhile show that storing was possible.
 */
final class ShortLivedJudge {

    /** Shorter than the time for which a close waits for answers, 10 s. */
    static final long PATIENCE_MILLIS = 8_000;

    private final History history;
    private final Promises promises;
    private final Judge.Examples examples;

    ShortLivedJudge(History history, Promises promises, Judge.Examples examples) {
        this.history = history;
        this.promises = promises;
        this.examples = examples;
    }

    /** Returns the number of messages that were refused too soon. */
    long abandoned() {
        List<Fate> refused = history.fates().stream()
                .filter(fate -> fate.sent().nature() == Sent.Nature.SHORT_LIVED && fate.is(Answer.Kind.FAILED))
                .toList();
        if (refused.isEmpty()) {
            return 0;
        }
        Map<String, NavigableMap<Long, Long>> stored = history.fates().stream()
                .filter(fate -> fate.sent().nature() == Sent.Nature.ORDINARY && fate.is(Answer.Kind.STORED))
                .collect(Collectors.groupingBy(
                        fate -> fate.sent().topic(),
                        Collectors.toMap(
                                fate -> fate.sent().atMillis(),
                                fate -> fate.answer().orElseThrow().atMillis(),
                                Math::min,
                                TreeMap::new)));
        return refused.stream()
                .filter(fate ->
                        isAbandoned(fate, stored.getOrDefault(fate.sent().topic(), new TreeMap<>())))
                .count();
    }

    /**
     * Whether a message was refused too soon.
     *
     * @param stored the times at which other messages of its topic were answered as stored, by their send times
     */
    private boolean isAbandoned(Fate fate, NavigableMap<Long, Long> stored) {
        long sent = fate.sent().atMillis();
        long refused = fate.answer().orElseThrow().atMillis();
        boolean abandoned = refused - sent < PATIENCE_MILLIS
                && !promises.isBlackout(sent, refused)
                && stored.subMap(sent, false, refused, true).values().stream().anyMatch(at -> at <= refused);
        if (abandoned) {
            examples.add("refused after " + (refused - sent) + " ms, though others were stored meanwhile: "
                    + fate.sent() + ", " + fate.answer().orElseThrow());
        }
        return abandoned;
    }
}
