package dev.vela.chaos;

import java.util.List;
import java.util.Map;

/**
 * All that a run found.
 *
 * @param verdict what became of the messages
 * @param happenings the faults as they were done
 * @param effects what messages felt of each of them, in the same order
 * @param recoveries how soon messages were stored again after each of them, in the same order
 * @param vitals what the application took up meanwhile
 * @param causes why messages were not stored, or nobody knows, and how many of them; the most frequent first
 */
record Findings(
        Verdict verdict,
        List<Happening> happenings,
        List<Effect> effects,
        List<Recovery> recoveries,
        List<Vitals> vitals,
        Map<String, Long> causes) {

    /** The faults that could not be done as planned. */
    List<Happening> notDone() {
        return happenings.stream()
                .filter(happening -> happening.problem() != null)
                .toList();
    }
}
