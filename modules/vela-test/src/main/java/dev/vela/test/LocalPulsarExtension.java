package dev.vela.test;

import dev.vela.HandleState;
import dev.vela.ProducerDiedException;
import dev.vela.Vela;
import dev.vela.internal.checks.Checks;
import dev.vela.local.LocalAdmin;
import dev.vela.local.LocalPulsar;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A JUnit extension that gives tests a real Pulsar: one for all tests of the JVM, a fresh namespace for each test class,
 * and fresh topics for each test.
 *
 * <pre>{@code
 * class OrdersTest {
 *     @RegisterExtension
 *     static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();
 *
 *     @Test
 *     void ordersAreStored(Vela vela, @Topic(partitions = 3) String topic) throws Exception {
 *         vela.newProducer(Schema.STRING).topic(topic).start().send("a");
 *         assertThat(pulsar.messages(topic, Schema.STRING)).hasSize(1);
 *     }
 * }
 * }</pre>
 *
 * <p>Parameters of test methods, and of methods that run before and after each test: a {@link Topic} of type
 * {@code String}; {@link Vela}, a runtime of this test, closed after it; {@link PulsarClient}, which all tests share and
 * must not close; {@link LocalPulsar}; this extension.
 *
 * <p>Faults have names: {@link #fence}, {@link #terminate}, {@link #unload}, {@link #freeze}, {@link #cut}. After each
 * test those of the server and the network are mended. They concern all tests that run at the same time, so tests with
 * faults must not run in parallel.
 *
 * <p>The first test that needs Pulsar waits some seconds for its start. The jars of the server come from the local Maven
 * repository: see {@link LocalPulsar}. Runs on JUnit 5.12 and on JUnit 6. Thread-safe, except as said of faults.
 */
public final class LocalPulsarExtension implements BeforeAllCallback, AfterEachCallback, ParameterResolver {
    private static final ExtensionContext.Namespace STORE =
            ExtensionContext.Namespace.create(LocalPulsarExtension.class);
    private static final int PATIENCE_SECONDS = 60;

    private final Queue<Producer<?>> rivals = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String namespace;

    /** A runtime of one test. */
    @SuppressWarnings("deprecation") // newer versions of JUnit close what is AutoCloseable, older ones only the other
    private record OwnVela(Vela vela) implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        @Override
        public void close() {
            vela.closeAsync(Duration.ZERO).join();
        }
    }

    /** Creates an extension for {@code @ExtendWith}; the Pulsar is shared all the same. */
    public LocalPulsarExtension() {}

    /** Creates an extension on the Pulsar that all tests of this JVM share. */
    public static LocalPulsarExtension shared() {
        return new LocalPulsarExtension();
    }

    // ---- what a test asks for

    /** The server. Its faults are those of all tests. */
    public LocalPulsar pulsar() {
        return SharedPulsar.get().pulsar();
    }

    /** An admin of the server. */
    public LocalAdmin admin() {
        return pulsar().admin();
    }

    /** The address for clients that are never {@linkplain #cut cut off}. */
    public String serviceUrl() {
        return pulsar().serviceUrl();
    }

    /** The address of the web service. */
    public String adminUrl() {
        return pulsar().adminUrl();
    }

    /**
     * The namespace of the test class, such as {@code public/OrdersTest-1}.
     *
     * @throws IllegalStateException before the first test of the class
     */
    public String namespace() {
        String own = namespace;
        if (own == null) {
            throw new IllegalStateException("there is no namespace before the tests of a class begin");
        }
        return own;
    }

    /**
     * All messages of a topic, in the order of their arrival; of several partitions, in this order for each.
     *
     * @param topic the topic, with partitions or without
     * @throws PulsarClientException if the topic cannot be read within a minute
     */
    public <T> List<Message<T>> messages(String topic, Schema<T> schema) throws PulsarClientException {
        Checks.notBlank("topic", topic);
        Objects.requireNonNull(schema, "schema");
        List<Message<T>> messages = new ArrayList<>();
        try (Reader<T> reader = SharedPulsar.get()
                .own()
                .newReader(schema)
                .topic(topic)
                .startMessageId(MessageId.earliest)
                .create()) {
            while (reader.hasMessageAvailable()) {
                Message<T> next = reader.readNext(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new PulsarClientException.TimeoutException(
                            "no message of " + topic + " came within " + PATIENCE_SECONDS + " s");
                }
                messages.add(next);
            }
            return messages;
        } catch (PulsarClientException e) {
            throw e;
        } catch (IOException e) {
            throw new PulsarClientException(e);
        }
    }

    /** Has a client make its connections so that {@link #cut} breaks them. For clients that a test builds itself. */
    public void join(ClientBuilder client) {
        Objects.requireNonNull(client, "client");
        SharedPulsar.get().network().join(client);
    }

    // ---- faults

    /** Terminates a topic, or all its partitions, for good. */
    public void terminate(String topic) {
        Checks.notBlank("topic", topic);
        admin().terminateTopic(topic);
    }

    /** Unloads a topic, or all its partitions: its clients are disconnected, and find it again. */
    public void unload(String topic) {
        Checks.notBlank("topic", topic);
        admin().unloadTopic(topic);
    }

    /**
     * Takes a topic from its producers, until the end of the test. They notice with their next message. That of a
     * producer with exclusive access fails with {@link ProducerDiedException}, and the producer stays down. Producers with
     * shared access are kept out: they are {@link HandleState#RESTARTING}.
     */
    public void fence(String topic) throws PulsarClientException {
        Checks.notBlank("topic", topic);
        rivals.add(SharedPulsar.get()
                .own()
                .newProducer()
                .topic(topic)
                .producerName(SharedPulsar.freshName("rival"))
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .create());
    }

    /** Freezes the server until {@link #thaw}: connections stay open, and nothing is answered. */
    public void freeze() {
        pulsar().freeze();
    }

    /** Lets a frozen server go on. */
    public void thaw() {
        pulsar().thaw();
    }

    /**
     * Breaks all connections of the clients and runtimes that the extension gave to tests, and of those that
     * {@linkplain #join joined}. They may connect again at once.
     */
    public void cut() {
        SharedPulsar.get().network().cut();
    }

    // ---- what JUnit calls

    @Override
    public void beforeAll(ExtensionContext context) {
        shared(context);
        namespace = context.getStore(STORE)
                .getOrComputeIfAbsent(
                        "namespace",
                        key -> {
                            String fresh = "public/"
                                    + SharedPulsar.freshName(
                                            context.getRequiredTestClass().getSimpleName());
                            admin().createNamespace(fresh);
                            return fresh;
                        },
                        String.class);
    }

    /** The Pulsar, which ends when the last test has ended. */
    private static SharedPulsar shared(ExtensionContext context) {
        return context.getRoot()
                .getStore(STORE)
                .getOrComputeIfAbsent(SharedPulsar.class, key -> SharedPulsar.get(), SharedPulsar.class);
    }

    @Override
    public void afterEach(ExtensionContext context) throws PulsarClientException {
        shared(context).mend();
        Producer<?> rival = rivals.poll();
        while (rival != null) {
            rival.close();
            rival = rivals.poll();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == LocalPulsar.class
                || type == LocalPulsarExtension.class
                || type == PulsarClient.class
                || type == Vela.class
                || parameter.isAnnotated(Topic.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == LocalPulsarExtension.class) {
            return this;
        }
        SharedPulsar shared = shared(context);
        if (type == LocalPulsar.class) {
            return shared.pulsar();
        }
        if (type == PulsarClient.class) {
            return shared.client();
        }
        if (parameter.getDeclaringExecutable() instanceof Constructor<?>
                || context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("a Vela and a topic belong to a test: ask for them in its method, or"
                    + " in one that runs before or after each test, not in "
                    + parameter.getDeclaringExecutable());
        }
        if (type == Vela.class) {
            return context.getStore(STORE)
                    .getOrComputeIfAbsent(OwnVela.class, key -> new OwnVela(Vela.on(shared.client())), OwnVela.class)
                    .vela();
        }
        if (type != String.class) {
            throw new ParameterResolutionException("a @Topic must be a String, was " + type.getName());
        }
        return topic(parameter.findAnnotation(Topic.class).orElseThrow(), context);
    }

    private String topic(Topic wanted, ExtensionContext context) {
        return context.getStore(STORE)
                .getOrComputeIfAbsent(
                        "topic " + wanted.value(),
                        key -> {
                            String test = context.getRequiredTestMethod().getName();
                            String fresh = "persistent://" + namespace() + "/"
                                    + SharedPulsar.freshName(test + "-" + wanted.value());
                            if (wanted.partitions() == 0) {
                                admin().createTopic(fresh);
                            } else {
                                admin().createPartitionedTopic(fresh, wanted.partitions());
                            }
                            return fresh;
                        },
                        String.class);
    }
}
