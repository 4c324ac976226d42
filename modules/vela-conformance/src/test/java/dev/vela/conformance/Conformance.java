package dev.vela.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs Pulsar's own tests with the official client, and again with supervised clients. The system property
 * {@code vela.conformance.classes}, a regular expression, selects test classes.
 */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Conformance {
    static final String CLIENT = "org.apache.pulsar.client.";
    static final String CLIENT_API = CLIENT + "api.";
    static final String INTERCEPTORS = CLIENT_API + "InterceptorsTest";
    static final String EXCLUSIVE = "org.apache.pulsar.broker.service.ExclusiveProducerTest";
    static final String BATCHES = "org.apache.pulsar.broker.service.BatchMessageTest";

    private static final Pattern SELECTED =
            Pattern.compile(System.getProperty("vela.conformance.classes", PulsarTests.DEFAULT_SELECTION));

    private final Predicate<String> part;

    /** Creates a test that runs the classes with these full names. */
    Conformance(Predicate<String> part) {
        this.part = part;
    }

    /** Whether a test class takes minutes: each of these is a part of its own, and the parts run side by side. */
    static boolean isLong(String name) {
        return Set.of(INTERCEPTORS, EXCLUSIVE, BATCHES).contains(name);
    }

    @BeforeAll
    void swapClients() {
        SwappedClients.install();
    }

    Stream<String> classes() throws Exception {
        return PulsarTests.classes().stream().filter(part).filter(SELECTED.asMatchPredicate());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("classes")
    void testsThatPassOfficiallyPassWithVela(String className) throws Exception {
        // Given
        Set<String> expected = ExpectedDifferences.of(className);

        // When: a few tests fail now and then with either client
        Comparison comparison = Comparison.of(className);
        if (!comparison.differencesBeside(expected).isEmpty()) {
            comparison = comparison.repeated(comparison.differencesBeside(expected));
        }
        Report.add(comparison);

        // Then
        assertThat(comparison.differencesBeside(expected).stream().map(comparison::failure))
                .as("tests of %s that fail with Vela only", className)
                .isEmpty();
        assertThat(expected.stream().filter(comparison::passesWithVela).collect(Collectors.toSet()))
                .as("tests of %s that are listed as differences, but pass", className)
                .isEmpty();
    }

    @AfterAll
    void writeTable() throws Exception {
        Report.write();
    }
}
