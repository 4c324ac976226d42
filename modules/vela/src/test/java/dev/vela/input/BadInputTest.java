package dev.vela.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.vela.ChildSpec;
import dev.vela.NoProducersAvailableException;
import dev.vela.SendCallback;
import dev.vela.SendObserver;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaListener;
import dev.vela.VelaMetrics;
import dev.vela.input.Call.Expectation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each public method makes of null, negative, zero, huge, empty and blank arguments, and of being called after the
 * end. The rows are in {@link ValueTypes}, {@link Builders} and {@link Handles}; the methods are found by reflection,
 * so that none can be added without rows.
 */
@Timeout(60)
class BadInputTest {

    /** What the application implements and Vela calls: no argument of theirs is the application's. */
    private static final Set<Class<?>> CALLED_BY_VELA = Set.of(
            VelaListener.class,
            VelaMetrics.class,
            VelaMetrics.Messages.class,
            SendObserver.class,
            SendObserver.Properties.class,
            SendCallback.class,
            ChildSpec.Starter.class,
            ChildSpec.Child.class);

    /** What has an end, or belongs to something that has one. */
    private static final Set<Class<?>> ENDING = Set.of(
            Vela.class, SupervisedProducer.class, SupervisedProducerBuilder.class, SupervisedMessageBuilder.class);

    private static final List<Call> TABLE = Stream.of(ValueTypes.calls(), Builders.calls(), Handles.calls())
            .flatMap(calls -> calls)
            .toList();

    private static final IdentityHashMap<Call, Integer> SUBJECTS = new IdentityHashMap<>();

    // ---- the rows

    static Stream<Arguments> rows() {
        return TABLE.stream()
                .flatMap(call -> call.rows.stream()
                        .map(row -> Arguments.of(call, row.parameter(), row.value(), row.expectation())));
    }

    @ParameterizedTest(name = "{0}, parameter {1}: {2} -> {3}")
    @MethodSource("rows")
    void answersAnArgument(Call call, int parameter, @Nullable Object value, Expectation expectation) throws Exception {
        Object[] arguments = call.good.clone();
        arguments[parameter] = value;
        int subjects = subjects(call);
        for (int i = 0; i < subjects; i++) {
            try (World world = new World()) {
                Object subject = call.subjects.apply(world).get(i);
                assertAnswer(expectation, subject, catchThrowable(() -> invoke(call, subject, arguments, expectation)));
            }
        }
    }

    /** Counted once for each call: a world takes time. */
    private static int subjects(Call call) {
        return SUBJECTS.computeIfAbsent(call, counted -> {
            try (World world = new World()) {
                return counted.subjects.apply(world).size();
            }
        });
    }

    private static void assertAnswer(Expectation expectation, @Nullable Object subject, @Nullable Throwable answer) {
        if (expectation.failure() != null) {
            assertThat(answer).as("of %s", subject).isExactlyInstanceOf(expectation.failure());
            assertThat(answer).hasMessage(expectation.text());
        } else if (!(answer instanceof NoProducersAvailableException)) { // there is no broker
            assertThat(answer).as("of %s", subject).isNull();
        }
    }

    private static void invoke(Call call, @Nullable Object subject, Object[] arguments, Expectation expectation)
            throws Throwable {
        Executable method =
                methods().filter(call::isOf).findFirst().orElseThrow(() -> new AssertionError(call + " is not there"));
        Object result;
        try {
            result = method instanceof Constructor<?> constructor
                    ? constructor.newInstance(arguments)
                    : ((Method) method).invoke(subject, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (expectation.failure() != null && result instanceof CompletableFuture<?> future) {
            try {
                future.orTimeout(30, TimeUnit.SECONDS).join();
            } catch (CompletionException e) {
                throw e.getCause();
            }
        }
    }

    // ---- the table is complete

    @Test
    void hasRowsForEachParameterOfEachPublicMethod() {
        List<String> missing = new ArrayList<>();
        methods().filter(method -> method.getParameterCount() > 0).forEach(method -> {
            Class<?>[] types = method.getParameterTypes();
            for (int i = 0; i < types.length; i++) {
                int parameter = i;
                for (Object value : BadValues.of(types[i])) {
                    if (calls(method).noneMatch(call -> call.hasRow(parameter, value))) {
                        missing.add(Call.signatureOf(method) + ", parameter " + i + ": " + value);
                    }
                }
            }
        });

        assertThat(missing).isEmpty();
    }

    @Test
    void hasARowAfterTheEndForEachMethodOfWhatEnds() {
        assertThat(methods()
                        .filter(method -> ENDING.stream().anyMatch(type -> isOf(method, type)))
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .filter(method -> calls(method).allMatch(call -> call.afterClose.isEmpty()))
                        .map(Call::signatureOf))
                .isEmpty();
    }

    private static boolean isOf(Executable method, Class<?> ending) {
        return method.getDeclaringClass().isAssignableFrom(ending)
                || ending.isAssignableFrom(method.getDeclaringClass());
    }

    @Test
    void hasNoRowsForWhatIsNotThere() {
        assertThat(TABLE).allSatisfy(call -> assertThat(methods()).anyMatch(call::isOf));
    }

    @Test
    void findsTheMethods() {
        assertThat(methods().map(Call::signatureOf))
                .contains(
                        "Backoff.new(Duration, Duration, double, double)",
                        "Snapshot.Group.new(String, HandleState, Optional, int, int, long, long, long, long, long, List)",
                        "Producer.send(Object)",
                        "TypedMessageBuilder.send()",
                        "Vela.connect(String)")
                .hasSizeGreaterThan(150)
                .doesNotHaveDuplicates();
    }

    private static Stream<Call> calls(Executable method) {
        return TABLE.stream().filter(call -> call.isOf(method));
    }

    /**
     * Each public method and constructor that an application can call, with those that the official client declares.
     */
    private static Stream<Executable> methods() {
        return METHODS.stream();
    }

    private static final Set<Executable> METHODS = new LinkedHashSet<>(new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.vela").stream()
                    .filter(type -> type.getPackageName().equals("dev.vela"))
                    .filter(BadInputTest::isPublic)
                    .map(JavaClass::reflect)
                    .filter(type -> !CALLED_BY_VELA.contains(type))
                    .flatMap(type -> Stream.<Executable>concat(
                            Arrays.stream(type.getConstructors()), Arrays.stream(type.getMethods())))
                    .filter(BadInputTest::isWritten)
                    .toList());

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(BadInputTest::isPublic).orElse(true);
    }

    /** Not what the compiler adds, nor what classes of others bring along. */
    private static boolean isWritten(Executable method) {
        Class<?> type = method.getDeclaringClass();
        boolean ours = type.getPackageName().equals("dev.vela")
                || (type.isInterface() && type.getPackageName().startsWith("org.apache.pulsar.client.api"));
        boolean ofTheCompiler = method.isSynthetic()
                || (type.isEnum() && Set.of("values", "valueOf").contains(method.getName()))
                || (type.isRecord() && method.getName().equals("equals"));
        return ours && !ofTheCompiler;
    }

    // ---- after the end

    static Stream<Arguments> rowsAfterTheEnd() {
        return TABLE.stream()
                .flatMap(call -> call.afterClose.stream().map(expectation -> Arguments.of(call, expectation)));
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource("rowsAfterTheEnd")
    void answersAfterTheRuntimeIsClosed(Call call, Expectation expectation) {
        try (World world = World.ofAClosedRuntime()) {
            for (Object subject : call.subjects.apply(world)) {
                assertAnswerAfterTheEnd(call, expectation, subject);
            }
        }
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource("rowsAfterTheEnd")
    void answersAfterTheHandleIsStopped(Call call, Expectation expectation) {
        try (World world = World.withStoppedHandles()) {
            for (Object subject : call.subjects.apply(world)) {
                if (!(subject instanceof Vela || subject instanceof SupervisedProducerBuilder)) {
                    assertAnswerAfterTheEnd(call, expectation, subject);
                }
            }
        }
    }

    private static void assertAnswerAfterTheEnd(Call call, Expectation expectation, Object subject) {
        Throwable answer = catchThrowable(() -> invoke(call, subject, call.good, expectation));

        if (expectation.failure() == null) {
            assertThat(answer).as("of %s", subject).isNull();
        } else {
            assertThat(answer)
                    .as("of %s", subject)
                    .isExactlyInstanceOf(expectation.failure())
                    .hasMessageContaining(Objects.requireNonNull(expectation.text()));
        }
    }
}
