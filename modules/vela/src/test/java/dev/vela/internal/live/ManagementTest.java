package dev.vela.internal.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vela.ChildSpec;
import dev.vela.Vela;
import dev.vela.VelaBuilder;
import dev.vela.VelaMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.MalformedObjectNameException;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ManagementTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static PulsarClient client;

    private final String name = "shop \"" + UUID.randomUUID() + "\", 50 % * off?";

    @BeforeAll
    static void createClient() throws PulsarClientException {
        client = PulsarClient.builder()
                .serviceUrl("pulsar://127.0.0.1:1")
                .operationTimeout(1, TimeUnit.SECONDS) // what it tries for so long refers to the runtime
                .build();
    }

    @AfterAll
    static void closeClient() throws PulsarClientException {
        client.close();
    }

    /** A runtime that is closed by any thread: other tests let this one deliver receipts, so it must not block. */
    private record Open(Vela vela) implements AutoCloseable {
        @Override
        public void close() {
            vela.closeAsync(Duration.ZERO).join();
        }
    }

    private VelaBuilder named() {
        return Vela.builder().client(client).name(name);
    }

    private static ObjectName objectName(String name, String rest) {
        try {
            return new ObjectName("dev.vela:type=Vela,name=" + ObjectName.quote(name) + rest);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private Set<ObjectName> registered() {
        return SERVER.queryNames(null, null).stream()
                .filter(each -> ObjectName.quote(name).equals(each.getKeyProperty("name")))
                .collect(Collectors.toSet());
    }

    private VelaMXBean bean(String rest) {
        return JMX.newMXBeanProxy(SERVER, objectName(name, rest), VelaMXBean.class);
    }

    private static String instance(VelaMXBean bean) throws IOException {
        return JSON.readTree(bean.report(0)).get("instance").textValue();
    }

    @Test
    void aRuntimeIsRegisteredUntilItIsClosed() throws PulsarClientException {
        Vela vela = named().build();

        assertThat(registered()).containsExactly(objectName(name, ""));
        assertThat(bean("").getName()).isEqualTo(name);
        assertThat(bean("").isRestartAllowed()).isTrue();
        vela.closeAsync(Duration.ZERO).join();
        assertThat(registered()).isEmpty();
    }

    @Test
    void runtimesOfOneNameAreToldApart() throws Exception {
        try (Open one = new Open(named().build());
                Open two = new Open(named().build())) {
            Vela first = one.vela();
            Vela second = two.vela();
            assertThat(registered()).containsExactlyInAnyOrder(objectName(name, ""), objectName(name, ",id=2"));
            assertThat(bean("").getInstance()).isEqualTo(instance(bean("")));
            assertThat(instance(bean(""))).isEqualTo(instance(first.management()));
            assertThat(instance(bean(",id=2"))).isEqualTo(instance(second.management()));

            one.close();
            assertThat(registered()).containsExactly(objectName(name, ",id=2"));
            try (Open third = new Open(named().build())) {
                assertThat(instance(bean(""))).isEqualTo(instance(third.vela().management()));
            }
            assertThat(registered()).containsExactly(objectName(name, ",id=2"));
        }
        assertThat(registered()).isEmpty();
    }

    @Test
    void withoutJmxOnlyTheApplicationHasIt() throws Exception {
        try (Open open = new Open(named().jmx(false).build())) {
            Vela vela = open.vela();
            assertThat(registered()).isEmpty();
            assertThat(vela.management().getName()).isEqualTo(name);
        }
    }

    @Test
    void countsProducersThatAreDown() throws Exception {
        try (Open open = new Open(named().build())) {
            Vela vela = open.vela();
            vela.newPartitionedProducer(Schema.BYTES)
                    .topic("orders")
                    .partitions(3)
                    .producers(2)
                    .start();

            assertThat(bean("").getProducers()).isEqualTo(6);
            assertThat(bean("").getProducersDown()).isEqualTo(6);
            assertThat(bean("").getPendingMessages()).isZero();
            assertThat(bean("").getPendingBytes()).isZero();
            JsonNode topics = JSON.readTree(bean("").snapshotJson()).get("topics");
            assertThat(topics).hasSize(1);
            assertThat(topics.get(0).get("groups")).hasSize(3);
        }
    }

    @Test
    void restartIsRefusedForAnUnknownNameAndWhereItIsTurnedOff() throws Exception {
        try (Open open = new Open(named().remoteRestart(false).build())) {
            Vela vela = open.vela();
            vela.newProducerGroup(Schema.BYTES).topic("orders").start();
            VelaMXBean bean = vela.management();

            assertThat(bean.isRestartAllowed()).isFalse();
            assertThat(JSON.readTree(bean.report(0)).get("restartAllowed").booleanValue())
                    .isFalse();
            assertThatThrownBy(() -> bean.restart("orders"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("restart is turned off");
        }
        try (Open open = new Open(named().build())) {
            Vela vela = open.vela();
            assertThatThrownBy(() -> vela.management().restart("orders"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("was \"orders\"");
        }
    }

    @Test
    void aClosedRuntimeShowsNothingButItsLastEvents() throws Exception {
        Vela vela = named().build();
        vela.newProducerGroup(Schema.BYTES).topic("orders").start();
        vela.closeAsync(Duration.ZERO).join();
        VelaMXBean bean = vela.management();

        JsonNode report = JSON.readTree(bean.report(0));
        assertThat(report.get("snapshot").get("topics")).isEmpty();
        assertThat(report.get("events").findValuesAsText("type"))
                .startsWith("STARTED")
                .endsWith("STOPPED");
        assertThat(bean.getProducers()).isZero();
        assertThat(bean.isRestartAllowed()).isFalse();
        assertThat(report.get("restartAllowed").booleanValue()).isFalse();
        assertThatThrownBy(() -> bean.restart("orders")).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- what others do meanwhile

    /** Listens to the MBean server for this test's runtimes, while the action runs. */
    private void withListener(Consumer<String> told, Callable<?> action) throws Exception {
        NotificationListener listener = (event, handback) -> {
            if (event instanceof MBeanServerNotification change
                    && ObjectName.quote(name).equals(change.getMBeanName().getKeyProperty("name"))) {
                told.accept(event.getType());
            }
        };
        SERVER.addNotificationListener(MBeanServerDelegate.DELEGATE_NAME, listener, null, null);
        try {
            action.call();
        } finally {
            SERVER.removeNotificationListener(MBeanServerDelegate.DELEGATE_NAME, listener);
        }
    }

    @Test
    void aListenerOfTheServerThatFailsHarmsNoRuntime() throws Exception {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        withListener(
                type -> {
                    told.add(type);
                    throw new NoClassDefFoundError("of a listener");
                },
                () -> {
                    Vela vela = named().build();
                    assertThat(registered()).containsExactly(objectName(name, ""));
                    vela.closeAsync(Duration.ZERO).join();
                    assertThat(registered()).isEmpty();
                    return vela;
                });
        assertThat(told)
                .containsExactly(
                        MBeanServerNotification.REGISTRATION_NOTIFICATION,
                        MBeanServerNotification.UNREGISTRATION_NOTIFICATION);
    }

    @Test
    void aListenerOfTheServerThatBlocksDoesNotHoldUpACloseForEver() throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        withListener(
                type -> {
                    if (type.equals(MBeanServerNotification.UNREGISTRATION_NOTIFICATION)) {
                        closed.join();
                    }
                },
                () -> {
                    try {
                        return named().build().closeAsync(Duration.ZERO).join();
                    } finally {
                        closed.complete(null);
                    }
                });
        await().atMost(Duration.ofMinutes(1)).until(() -> registered().isEmpty());
    }

    /** A failure that notes where the log of events asks for its text. */
    private static final class AskedFailure extends Exception {
        private final transient Queue<String> threads;

        AskedFailure(Queue<String> threads) {
            this.threads = threads;
        }

        @Override
        public String getMessage() {
            if (StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getClassName().equals(EventLog.class.getName())))) {
                threads.add(Thread.currentThread().getName());
            }
            return "asked";
        }
    }

    @Test
    void theTextOfACauseIsAskedForOnAWorkerAndRecordedBeforeTheCloseEnds() throws Exception {
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        Vela vela = named().build();
        vela.startAsync(ChildSpec.of("job", () -> CompletableFuture.failedFuture(new AskedFailure(threads)))
                        .withRestart(ChildSpec.Restart.TEMPORARY))
                .exceptionally(failure -> null)
                .join();
        vela.closeAsync(Duration.ZERO).join();

        JsonNode events = JSON.readTree(vela.management().report(0)).get("events");
        assertThat(events.findValuesAsText("cause")).contains("AskedFailure: asked");
        assertThat(threads).isNotEmpty().allMatch(thread -> thread.startsWith("vela-worker-"));
    }

    // ---- class loaders

    /** Builds, uses and closes a runtime. Loaded by a loader of its own. */
    static final class BuildAndClose implements BiConsumer<PulsarClient, String> {
        @Override
        public void accept(PulsarClient on, String name) {
            try {
                Vela vela = Vela.builder().client(on).name(name).build();
                vela.newProducerGroup(Schema.BYTES).topic("orders").start();
                vela.management().report(0);
                vela.closeAsync(Duration.ZERO).join();
            } catch (PulsarClientException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @SuppressWarnings("unchecked") // it is one of these
    private void buildAndCloseIn(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> type = loader.loadClass(BuildAndClose.class.getName());
        assertThat(type).isNotEqualTo(BuildAndClose.class);
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        ((BiConsumer<PulsarClient, String>) constructor.newInstance()).accept(client, name);
    }

    private WeakReference<ClassLoader> buildAndCloseInAnother() throws ReflectiveOperationException {
        OwnLoader loader = new OwnLoader();
        buildAndCloseIn(loader);
        return new WeakReference<>(loader);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClosedRuntimeLetsGoOfItsClassLoader(boolean isRecorded) throws ReflectiveOperationException {
        WeakReference<ClassLoader> loader;
        try (Recording recording = new Recording()) {
            if (isRecorded) {
                recording.start();
            }
            loader = buildAndCloseInAnother();
        }

        await().atMost(Duration.ofMinutes(1)).until(() -> {
            System.gc();
            return loader.get() == null;
        });
    }

    @Test
    void aRuntimeOfAnotherClassLoaderHasANameOfItsOwn() throws Exception {
        try (Open open = new Open(named().build())) {
            Vela vela = open.vela();
            buildAndCloseIn(new OwnLoader());

            assertThat(registered()).containsExactly(objectName(name, ""));
            assertThat(instance(bean(""))).isEqualTo(instance(vela.management()));
        }
    }

    @Test
    void aRuntimeWorksWhereJavaHasNeitherManagementNorFlightRecorder() throws Exception {
        for (List<String> hidden : List.of(
                List.of("javax.management.", "java.lang.management.", "jdk.jfr."), List.of("javax.management."))) {
            buildAndCloseIn(new OwnLoader(hidden.toArray(String[]::new)));
        }
        assertThat(registered()).isEmpty();
    }
}
