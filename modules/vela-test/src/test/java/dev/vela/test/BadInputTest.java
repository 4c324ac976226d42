package dev.vela.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vela.HandleState;
import dev.vela.Outcome;
import dev.vela.SendCallback;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.PulsarClientException.NotFoundException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each public method makes of null, blank and negative arguments: an exception at once, which names the parameter.
 * No Pulsar is started. The methods are found by reflection, so that none can be added without rows.
 */
class BadInputTest {

    private static final List<Class<?>> TYPES = List.of(
            MockSupervisedProducer.class,
            MockVela.class,
            SentMessage.class,
            LocalPulsarExtension.class,
            LocalPulsarProperties.class);

    /** What JUnit calls. */
    private static final List<Class<?>> CALLED_BY_JUNIT =
            List.of(BeforeAllCallback.class, AfterEachCallback.class, ParameterResolver.class);

    private static final Duration NEGATIVE = Duration.ofNanos(-1);
    private static final Duration ENDLESS = Duration.ofDays(36_501);

    /** Good arguments, by the type of the parameter. */
    private static final Map<Class<?>, Object> GOOD = Map.ofEntries(
            Map.entry(String.class, "orders"),
            Map.entry(Object.class, "tea"),
            Map.entry(Schema.class, Schema.STRING),
            Map.entry(Duration.class, Duration.ofSeconds(1)),
            Map.entry(int.class, 1),
            Map.entry(boolean.class, true),
            Map.entry(Outcome.class, Outcome.UNKNOWN),
            Map.entry(HandleState.class, HandleState.DOWN),
            Map.entry(Throwable.class, new PulsarClientException("down")),
            Map.entry(SendCallback.class, (SendCallback) (receipt, failure) -> {}),
            Map.entry(Transaction.class, proxy(Transaction.class)),
            Map.entry(Message.class, proxy(Message.class)),
            Map.entry(ProducerBuilder.class, proxy(ProducerBuilder.class)),
            Map.entry(Consumer.class, (Consumer<Object>) value -> {}),
            Map.entry(List.class, List.of()),
            Map.entry(Optional.class, Optional.empty()),
            Map.entry(OptionalInt.class, OptionalInt.empty()));

    /**
     * A bad argument in the place of a good one, and what is answered.
     *
     * @param failure null if the value is accepted
     * @param text the exception's whole text, or why the value is accepted
     */
    record Row(
            String method,
            int parameter,
            @Nullable Object value,
            @Nullable Class<? extends Throwable> failure,
            String text) {}

    private static Row isNull(String method, int parameter, String name) {
        return new Row(method, parameter, null, NullPointerException.class, name);
    }

    private static Row refused(String method, int parameter, Object value, String text) {
        return new Row(method, parameter, value, IllegalArgumentException.class, text);
    }

    private static Row accepted(String method, int parameter, @Nullable Object value, String why) {
        return new Row(method, parameter, value, null, why);
    }

    /** A text that must not be blank. */
    private static Stream<Row> text(String method, String name) {
        return Stream.of(
                isNull(method, 0, name),
                refused(method, 0, "", name + " must not be blank, was \"\""),
                refused(method, 0, " ", name + " must not be blank, was \" \""));
    }

    /** A duration; zero is good or not. */
    private static Stream<Row> duration(String method, int parameter, String name, boolean zeroIsGood) {
        String rule = name + " must be in " + (zeroIsGood ? "[" : "(") + "0, 100 years], was ";
        return Stream.of(
                isNull(method, parameter, name),
                refused(method, parameter, NEGATIVE, rule + "-1 ns"),
                zeroIsGood
                        ? accepted(method, parameter, Duration.ZERO, "at once")
                        : refused(method, parameter, Duration.ZERO, rule + "0 s"),
                refused(method, parameter, ENDLESS, rule + "36501 days"));
    }

    /** A name that a runtime looks for. */
    private static Stream<Row> name(String method, @Nullable Class<? extends Throwable> failure) {
        return Stream.concat(
                Stream.of(isNull(method, 0, "name")),
                Stream.of("", " ")
                        .map(value -> new Row(
                                method, 0, value, failure, "nothing named \"" + value + "\" is started in this Vela")));
    }

    private static Stream<Row> producerRows() {
        String of = "MockSupervisedProducer.of(String, Schema)";
        String noValue = "a message without a value";
        return Stream.of(
                        text(of, "topic"),
                        duration("MockSupervisedProducer.awaitReady(Duration)", 0, "timeout", false),
                        duration("MockSupervisedProducer.awaitUsable(Duration)", 0, "timeout", false),
                        duration("MockSupervisedProducer.stop(Duration)", 0, "drain", true),
                        duration("MockSupervisedProducer.stopAsync(Duration)", 0, "drain", true),
                        Stream.of(
                                isNull(of, 1, "schema"),
                                isNull("MockSupervisedProducer.failNext(Outcome)", 0, "outcome"),
                                isNull("MockSupervisedProducer.failNext(Throwable)", 0, "failure"),
                                refused(
                                        "MockSupervisedProducer.failNext(Throwable)",
                                        0,
                                        new IllegalStateException("full"),
                                        "failure must be a PulsarClientException and a SendFailure, as any failure of a"
                                                + " real producer, was java.lang.IllegalStateException: full"),
                                isNull("MockSupervisedProducer.state(HandleState)", 0, "next"),
                                isNull("MockSupervisedProducer.state(HandleState, Throwable)", 0, "next"),
                                isNull("MockSupervisedProducer.state(HandleState, Throwable)", 1, "cause"),
                                accepted("MockSupervisedProducer.send(Object)", 0, null, noValue),
                                accepted("MockSupervisedProducer.sendAsync(Object)", 0, null, noValue),
                                accepted("MockSupervisedProducer.sendAsync(Object, SendCallback)", 0, null, noValue),
                                isNull("MockSupervisedProducer.sendAsync(Object, SendCallback)", 1, "callback"),
                                isNull("MockSupervisedProducer.newMessage(Schema)", 0, "schema"),
                                isNull("MockSupervisedProducer.newMessage(Transaction)", 0, "txn"),
                                isNull("MockSupervisedProducer.newMessage(Schema, Transaction)", 0, "schema"),
                                isNull("MockSupervisedProducer.newMessage(Schema, Transaction)", 1, "txn")))
                .flatMap(rows -> rows);
    }

    private static Stream<Row> runtimeRows() {
        return Stream.of(
                        text("MockVela.partitions(String, int)", "topic"),
                        name("MockVela.producer(String, Schema)", IllegalArgumentException.class),
                        name("MockVela.get(String, Schema)", NotFoundException.class),
                        name("MockVela.find(String)", null),
                        name("MockVela.stopAsync(String, Duration)", NotFoundException.class),
                        duration("MockVela.stopAsync(String, Duration)", 1, "drain", true),
                        duration("MockVela.closeAsync(Duration)", 0, "drain", true),
                        Stream.of(
                                refused("MockVela.partitions(String, int)", 1, -1, "number must be >= 0, was -1"),
                                isNull("MockVela.failNextStart(PulsarClientException)", 0, "failure"),
                                isNull("MockVela.producer(String, Schema)", 1, "schema"),
                                isNull("MockVela.get(String, Schema)", 1, "schema"),
                                isNull("MockVela.startAsync(ChildSpec)", 0, "spec"),
                                isNull("MockVela.supervisedBuilder(ProducerBuilder, Consumer)", 0, "builder"),
                                isNull("MockVela.supervisedBuilder(ProducerBuilder, Consumer)", 1, "customizer"),
                                isNull("MockVela.newProducer(Schema)", 0, "schema"),
                                isNull("MockVela.newProducerGroup(Schema)", 0, "schema"),
                                isNull("MockVela.newPartitionedProducer(Schema)", 0, "schema")))
                .flatMap(rows -> rows);
    }

    private static Stream<Row> messageRows() {
        String create =
                "SentMessage.new(Object, Schema, Message, Duration, Optional, Optional, List, boolean, Optional,"
                        + " OptionalInt)";
        return Stream.concat(
                duration(create, 3, "timeout", false),
                Stream.of(
                        accepted(create, 0, null, "a message without a value"),
                        isNull(create, 1, "schema"),
                        isNull(create, 2, "message"),
                        isNull(create, 4, "deliverAt"),
                        isNull(create, 5, "deliverAfter"),
                        isNull(create, 6, "replicationClusters"),
                        isNull(create, 8, "transaction"),
                        isNull(create, 9, "partition"),
                        isNull("SentMessage.property(String)", 0, "name"),
                        accepted("SentMessage.property(String)", 0, "", "no message has it"),
                        accepted("SentMessage.property(String)", 0, " ", "a name like any other")));
    }

    private static Stream<Row> pulsarRows() {
        return Stream.of(
                        text("LocalPulsarExtension.messages(String, Schema)", "topic"),
                        text("LocalPulsarExtension.terminate(String)", "topic"),
                        text("LocalPulsarExtension.unload(String)", "topic"),
                        text("LocalPulsarExtension.fence(String)", "topic"),
                        Stream.of(
                                isNull("LocalPulsarExtension.messages(String, Schema)", 1, "schema"),
                                isNull("LocalPulsarExtension.join(ClientBuilder)", 0, "client"),
                                isNull("LocalPulsarProperties.accept(DynamicPropertyRegistry)", 0, "registry")))
                .flatMap(rows -> rows);
    }

    static Stream<Row> rows() {
        return Stream.of(producerRows(), runtimeRows(), messageRows(), pulsarRows())
                .flatMap(rows -> rows);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void answersAtOnce(Row row) {
        Executable method = methods()
                .filter(found -> signatureOf(found).equals(row.method()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no method " + row.method()));
        Object[] arguments =
                Arrays.stream(method.getParameterTypes()).map(GOOD::get).toArray();
        arguments[row.parameter()] = row.value();

        Throwable answer = catchThrowable(() -> invoke(method, arguments));

        if (row.failure() == null) {
            assertThat(answer).isNull();
        } else {
            assertThat(answer).isExactlyInstanceOf(row.failure()).hasMessage(row.text());
        }
    }

    @Test
    void hasRowsForEachParameterOfEachPublicMethod() {
        List<String> missing = new ArrayList<>();
        List<Row> rows = rows().toList();
        methods().forEach(method -> {
            Class<?>[] types = method.getParameterTypes();
            for (int i = 0; i < types.length; i++) {
                int parameter = i;
                for (Object value : badValues(types[i])) {
                    if (rows.stream()
                            .noneMatch(row -> row.method().equals(signatureOf(method))
                                    && row.parameter() == parameter
                                    && Objects.equals(row.value(), value))) {
                        missing.add(signatureOf(method) + ", parameter " + i + ": " + value);
                    }
                }
            }
        });

        assertThat(missing).isEmpty();
    }

    @Test
    void findsTheMethods() {
        assertThat(methods().map(BadInputTest::signatureOf))
                .contains("MockVela.partitions(String, int)", "LocalPulsarExtension.fence(String)")
                .hasSizeGreaterThan(60)
                .doesNotHaveDuplicates();
    }

    private static List<@Nullable Object> badValues(Class<?> type) {
        if (type == String.class) {
            return Arrays.asList(null, "", " ");
        }
        if (type == Duration.class) {
            return Arrays.asList(null, NEGATIVE, Duration.ZERO, ENDLESS);
        }
        if (type == int.class) {
            return Arrays.asList(-1);
        }
        if (type == boolean.class) {
            return Arrays.asList();
        }
        assertThat(type.isPrimitive())
                .as("say which values of %s are bad", type)
                .isFalse();
        return Arrays.asList((Object) null);
    }

    private static Stream<Executable> methods() {
        return TYPES.stream()
                .flatMap(type -> Stream.<Executable>concat(
                        Arrays.stream(type.getConstructors()), Arrays.stream(type.getMethods())))
                .filter(method -> TYPES.contains(method.getDeclaringClass()))
                .filter(method -> !method.isSynthetic() && !method.getName().equals("equals"))
                .filter(method -> !isCalledByJUnit(method));
    }

    private static boolean isCalledByJUnit(Executable method) {
        return CALLED_BY_JUNIT.stream()
                .filter(type -> type.isAssignableFrom(method.getDeclaringClass()))
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .anyMatch(called -> called.getName().equals(method.getName())
                        && Arrays.equals(called.getParameterTypes(), method.getParameterTypes()));
    }

    private static String signatureOf(Executable method) {
        String type = method.getDeclaringClass().getSimpleName();
        return type + "." + (method instanceof Constructor<?> ? "new" : method.getName()) + "("
                + String.join(
                        ", ",
                        Arrays.stream(method.getParameterTypes())
                                .map(Class::getSimpleName)
                                .toList())
                + ")";
    }

    private static void invoke(Executable method, Object[] arguments) throws Throwable {
        try {
            Object result = method instanceof Constructor<?> constructor
                    ? constructor.newInstance(arguments)
                    : ((Method) method).invoke(subject(method.getDeclaringClass()), arguments);
            if (result instanceof CompletableFuture<?> future && future.isCompletedExceptionally()) {
                throw future.handle((value, failure) -> failure).join();
            }
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object subject(Class<?> type) throws PulsarClientException {
        if (type == LocalPulsarExtension.class) {
            return new LocalPulsarExtension();
        }
        if (type == LocalPulsarProperties.class) {
            return new LocalPulsarProperties();
        }
        MockVela vela = new MockVela();
        vela.newProducer(Schema.STRING).topic("orders").start();
        MockSupervisedProducer<String> producer = vela.producer("orders", Schema.STRING);
        if (type == SentMessage.class) {
            producer.send("tea");
            return producer.sent().get(0);
        }
        return type == MockVela.class ? vela : producer;
    }

    private static <T> T proxy(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                BadInputTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
    }
}
