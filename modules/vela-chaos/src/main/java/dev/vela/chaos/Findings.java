package dev.vela.chaos;

import java.util.List;
import java.util.Map;

/**
 * The findings of a run.
 *
 * @param verdict the verdict on the messages
 * @param injectedFaults the faults as they were injected
 * @param effects the effect of each fault on the messages, in the same order
 * @param recoveries the recovery after each fault, in the same order
 * @param vitals the application's use of resources during the run
 * @param causes the causes of answers without a receipt, failed or unknown, each with its count; the most frequent
 *     first
 */
record Findings(
        Verdict verdict,
        List<InjectedFault> injectedFaults,
        List<Effect> effects,
        List<Recovery> recoveries,
        List<Vitals> vitals,
        Map<String, Long> causes) {

    /** Returns the faults that could not be injected as planned. */
    List<InjectedFault> notDone() {
        return injectedFaults.stream()
                .filter(injected -> injected.problem() != null)
                .toList();
    }
}
