package dev.vela;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The walls between the packages of the library.
 *
 * <p>Think hard before a hole is made in one: each keeps something that is easy to test from depending on something
 * that is not.
 */
class ArchitectureTest {

    private static final String INTERNAL = "dev.vela.internal..";
    private static final String CHECKS = "dev.vela.internal.checks..";
    private static final String HANDLE = "dev.vela.internal.handle..";
    private static final String LANE = "dev.vela.internal.lane..";
    private static final String LIVE = "dev.vela.internal.live..";
    private static final String PRODUCER = "dev.vela.internal.producer..";
    private static final String PULSAR = "dev.vela.internal.pulsar..";
    private static final String ROOT = "dev.vela.internal.root..";
    private static final String ROUTING = "dev.vela.internal.routing..";
    private static final String RUNTIME = "dev.vela.internal.runtime..";
    private static final String SCHEDULING = "dev.vela.internal.scheduling..";
    private static final String SUPERVISION = "dev.vela.internal.supervision..";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.vela");

    static Stream<Named<ArchRule>> walls() {
        return Stream.of(
                        noClasses()
                                .that()
                                .resideInAnyPackage(SUPERVISION, ROUTING, SCHEDULING)
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("org.apache.pulsar..")
                                .as("supervision, routing and scheduling know nothing of Pulsar"),
                        noClasses()
                                .that()
                                .resideOutsideOfPackage(PULSAR)
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("org.apache.pulsar.client.impl..", "org.apache.pulsar.common..")
                                .as("only internal.pulsar knows the inside of the official client"),
                        internals(CHECKS, List.of()),
                        internals(SCHEDULING, List.of()),
                        internals(SUPERVISION, List.of(SCHEDULING, CHECKS)),
                        internals(ROUTING, List.of(SCHEDULING, CHECKS)),
                        internals(PULSAR, List.of(SCHEDULING, CHECKS)),
                        internals(LANE, List.of(PULSAR, SCHEDULING, CHECKS)),
                        internals(LIVE, List.of(CHECKS)),
                        internals(RUNTIME, List.of(LIVE, LANE, PULSAR, SCHEDULING, CHECKS)),
                        internals(PRODUCER, List.of(RUNTIME, LANE, PULSAR, ROUTING, SCHEDULING, CHECKS)),
                        internals(
                                HANDLE,
                                List.of(PRODUCER, RUNTIME, LANE, PULSAR, ROUTING, SUPERVISION, SCHEDULING, CHECKS)),
                        internals("dev.vela", List.of(ROOT, RUNTIME, LIVE, PULSAR, ROUTING, CHECKS)),
                        slices().matching("dev.vela.internal.(*)..")
                                .should()
                                .beFreeOfCycles()
                                .as("a message goes one way: no circle between packages"),
                        noClasses()
                                .that()
                                .resideOutsideOfPackage(SCHEDULING)
                                .should()
                                .callMethod(System.class, "nanoTime")
                                .as("only scheduling reads the clock"),
                        noClasses()
                                .should()
                                .callMethod(Thread.class, "sleep", long.class)
                                .orShould()
                                .callMethod(Thread.class, "sleep", long.class, int.class)
                                .as("nobody sleeps"),
                        noClasses()
                                .should()
                                .callMethodWhere(target(owner(assignableTo(CompletableFuture.class)))
                                        .and(target(nameMatching("orTimeout|completeOnTimeout|delayedExecutor"))))
                                .as(
                                        "nobody starts the JDK's timer thread, which keeps the class loader of whoever came first"),
                        noClasses()
                                .should()
                                .accessField(System.class, "out")
                                .orShould()
                                .accessField(System.class, "err")
                                .as("nobody prints"))
                .map(rule -> Named.of(rule.getDescription(), rule));
    }

    /** Of the internal packages, one may depend on itself and on these. */
    private static ArchRule internals(String from, List<String> allowed) {
        return noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat(resideInAPackage(INTERNAL)
                        .and(not(resideInAnyPackage(
                                Stream.concat(Stream.of(from), allowed.stream()).toArray(String[]::new)))))
                .as(from + " depends on no internal package but " + allowed);
    }

    @ParameterizedTest
    @MethodSource("walls")
    void wallStands(ArchRule wall) {
        wall.allowEmptyShould(true).check(MAIN);
    }

    @Test
    void seesTheClassesItGuards() {
        assertThat(MAIN.contain(ChildSpec.class)).isTrue();
        assertThat(MAIN.contain(ArchitectureTest.class)).isFalse();
    }
}
