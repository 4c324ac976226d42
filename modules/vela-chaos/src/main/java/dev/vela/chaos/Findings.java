package dev.vela.chaos;

import java.util.List;
import java.util.Map;

/**
 * All that a run found.
 *
 * @param verdict what became of the messages
 * @param injectedFaults the faults as they were done
 * @param effects what messages felt of each of them, in the same order
 * @param recoveries how soon messages were stored again after each of them, in the same order
 * @param vitals what the application took up meanwhile
 * @param causes why messages were not stored, or nobody knows, and how many of them; the most frequent first
 */
record Findings(
        Verdict verdict,
        List<InjectedFault> injectedFaults,
        List<Effect> effects,
        List<Recovery> recoveries,
        List<Vitals> vitals,
        Map<String, Long> causes) {

    /** The faults that could not be done as planned. */
    List<InjectedFault> notDone() {
        return injectedFaults.stream()
                .filter(injected -> injected.problem() != null)
                .toList();
    }
}
