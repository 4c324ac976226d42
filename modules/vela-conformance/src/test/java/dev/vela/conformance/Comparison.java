package dev.vela.conformance;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The outcomes of a test class with the official client, and with supervised ones. */
record Comparison(
        String className, Map<String, Optional<Throwable>> official, Map<String, Optional<Throwable>> supervised) {

    /** Runs a test class with either client. */
    static Comparison of(String className) throws Exception {
        return of(className, List.of());
    }

    /** Runs some tests, with all their rows, once more: only their second outcomes count. */
    Comparison repeated(Collection<String> tests) throws Exception {
        Comparison second = of(className, tests.stream().map(Comparison::method).collect(Collectors.toSet()));
        Map<String, Optional<Throwable>> officialNow = new LinkedHashMap<>(official);
        officialNow.putAll(second.official);
        Map<String, Optional<Throwable>> supervisedNow = new LinkedHashMap<>(supervised);
        supervisedNow.putAll(second.supervised);
        return new Comparison(className, officialNow, supervisedNow);
    }

    private static Comparison of(String className, Collection<String> methods) throws Exception {
        Map<String, Optional<Throwable>> official = Outcomes.of(className, methods);
        Leftovers.delete();
        SwappedClients.supervise(true);
        Map<String, Optional<Throwable>> supervised = Outcomes.of(className, methods);
        SwappedClients.supervise(false);
        SwappedClients.closeShared();
        Leftovers.delete();
        return new Comparison(className, official, supervised);
    }

    /** The method of a test, without the row. */
    private static String method(String test) {
        return test.replaceAll("\\[.*", "");
    }

    /** The tests that pass with the official client only, apart from those of the given methods. */
    Set<String> differencesBeside(Set<String> methods) {
        return official.keySet().stream()
                .filter(test -> passes(official, test) && !passes(supervised, test))
                .filter(test -> !methods.contains(method(test)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether a method passes with supervised clients, with all its rows. */
    boolean passesWithVela(String method) {
        return supervised.keySet().stream()
                .filter(test -> method(test).equals(method))
                .allMatch(test -> passes(supervised, test));
    }

    long officialPasses() {
        return passes(official);
    }

    long supervisedPasses() {
        return passes(supervised);
    }

    private static long passes(Map<String, Optional<Throwable>> outcomes) {
        return outcomes.keySet().stream().filter(test -> passes(outcomes, test)).count();
    }

    private static boolean passes(Map<String, Optional<Throwable>> outcomes, String test) {
        Optional<Throwable> failure = outcomes.get(test);
        return failure != null && failure.isEmpty();
    }

    /** How a test fails with supervised clients, and which lines of the test class led there. */
    String failure(String test) {
        Optional<Throwable> failure = supervised.get(test);
        return test + ": "
                + (failure == null ? "was not run" : failure.map(this::text).orElse("passes"));
    }

    private String text(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.toString());
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frame.getClassName().startsWith(className)) {
                text.append("\n    at ").append(frame);
            }
        }
        return text.toString();
    }
}
