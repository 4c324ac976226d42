package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vela.Batching;
import dev.vela.HandleState;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import jakarta.annotation.PreDestroy;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.pulsar.core.PulsarTemplate;
import org.springframework.util.ReflectionUtils;

/** What becomes of producers when their context stops, starts, closes or fails. */
class LifecycleIT {

    @Test
    void allAcceptedMessagesAreStoredWhenTheContextCloses() throws Exception {
        List<String> topics = List.of(Broker.freshTopic("drained"), Broker.freshTopic("drained"));
        String own = Broker.freshTopic("drained");
        List<CompletableFuture<MessageId>> sends = new ArrayList<>();
        Vela vela;
        try (Application application = Application.run()) {
            vela = application.vela();
            PulsarTemplate<String> template = application.template();
            SupervisedProducer<String> producer = vela.newProducer(Schema.STRING)
                    .topic(own)
                    .batching(Batching.defaults()
                            .withFlush(Batching.Flush.AT_INTERVAL)
                            .withFlushInterval(Duration.ofMinutes(1)))
                    .start();
            for (int i = 0; i < 500; i++) {
                for (String topic : topics) {
                    sends.add(template.sendAsync(topic, "order " + i));
                }
            }
            // Spring does not know this one, and nothing but the drain sends its entry.
            sends.add(producer.sendAsync("waiting"));
        }

        assertThat(sends).allMatch(send -> send.isDone() && !send.isCompletedExceptionally());
        for (String topic : topics) {
            assertThat(Broker.values(topic, 500)).startsWith("order 0").endsWith("order 499");
        }
        assertThat(Broker.values(own, 1)).containsExactly("waiting");
        assertThat(Velas.isClosed(vela)).isTrue();
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnClient {
        static final String TOPIC = Broker.freshTopic("farewell");

        @Bean
        PulsarClient client() throws PulsarClientException {
            return PulsarClient.builder()
                    .serviceUrl(Broker.pulsar().serviceUrl())
                    .build();
        }

        @Bean
        Farewell farewell(PulsarTemplate<String> template) {
            return new Farewell(template);
        }
    }

    /** Sends when it is destroyed, after all phases, and waits for nothing. */
    static class Farewell {
        static final List<CompletableFuture<MessageId>> SENDS = new ArrayList<>();

        private final PulsarTemplate<String> template;

        Farewell(PulsarTemplate<String> template) {
            this.template = template;
        }

        @PreDestroy
        void send() {
            SENDS.add(template.sendAsync(OwnClient.TOPIC, "farewell"));
        }
    }

    @Test
    void aClientWithoutALifecycleTakesMessagesUntilItIsDestroyed() throws Exception {
        Vela vela;
        try (Application application = Application.run(OwnClient.class)) {
            vela = application.vela();
        }

        assertThat(Farewell.SENDS)
                .singleElement()
                .satisfies(send -> assertThat(send).isCompleted());
        assertThat(Broker.values(OwnClient.TOPIC, 1)).containsExactly("farewell");
        assertThat(Velas.isClosed(vela)).isTrue();
    }

    /** Stops just after the starter, before Spring's cache and client do, and looks at the runtime then. */
    static class Probe implements SmartLifecycle {
        final AtomicReference<Boolean> closed = new AtomicReference<>();
        private final Vela vela;

        Probe(Vela vela) {
            this.vela = vela;
        }

        @Override
        public void start() {
            closed.set(null);
        }

        @Override
        public void stop() {
            closed.set(Velas.isClosed(vela));
        }

        @Override
        public boolean isRunning() {
            return closed.get() == null;
        }

        @Override
        public int getPhase() {
            return Integer.MIN_VALUE / 2 - 51;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Probed {
        static final AtomicReference<Probe> PROBE = new AtomicReference<>();

        @Bean
        Probe probe(Vela vela) {
            PROBE.set(new Probe(vela));
            return PROBE.get();
        }
    }

    /** Its events come after all phases, if ever. */
    @Configuration(proxyBeanMethods = false)
    @Import(Probed.class)
    static class LateEvents {
        @Bean
        SimpleApplicationEventMulticaster applicationEventMulticaster() {
            SimpleApplicationEventMulticaster late = new SimpleApplicationEventMulticaster();
            late.setTaskExecutor(task -> {});
            return late;
        }
    }

    @Test
    @Tag("full")
    void aClosedContextIsKnownWithoutItsEvent() {
        Application.run(LateEvents.class).close();

        assertThat(Probed.PROBE.get().closed).hasValue(true);
    }

    @Test
    @Tag("full")
    void aStoppedContextKeepsItsRuntimes() {
        try (Application application = Application.run(Probed.class)) {
            application.context.stop();

            assertThat(Probed.PROBE.get().closed).hasValue(false);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Probed.class)
    static class FailsToStart {
        @Bean
        SmartLifecycle failing() {
            return new SmartLifecycle() {
                @Override
                public void start() {
                    throw new IllegalStateException("does not start");
                }

                @Override
                public void stop() {}

                @Override
                public boolean isRunning() {
                    return false;
                }
            };
        }
    }

    @Test
    @Tag("full")
    void aContextThatFailsInAPhaseClosesItsRuntimesInTheirPhase() {
        assertThatThrownBy(() -> Application.run(FailsToStart.class)).hasStackTraceContaining("does not start");

        assertThat(Probed.PROBE.get().closed).hasValue(true);
    }

    @Test
    @Tag("full")
    void allIsDrainedWhereBeansAreLazy() throws Exception {
        String topic = Broker.freshTopic("lazy");
        CompletableFuture<MessageId> send;
        try (Application application = Application.run("spring.main.lazy-initialization=true")) {
            SupervisedProducer<String> producer = application
                    .vela()
                    .newProducer(Schema.STRING)
                    .topic(topic)
                    .batching(Batching.defaults()
                            .withFlush(Batching.Flush.AT_INTERVAL)
                            .withFlushInterval(Duration.ofMinutes(1)))
                    .start();
            send = producer.sendAsync("waiting");
        }

        assertThat(send).isCompleted();
        assertThat(Broker.values(topic, 1)).containsExactly("waiting");
    }

    @Test
    void producersSurviveAPauseAndAQuickRestartOfTheContext() throws Exception {
        String own = Broker.freshTopic("own");
        String templates = Broker.freshTopic("templates");
        try (Application application = Application.run()) {
            SupervisedProducer<String> producer =
                    application.vela().newProducer(Schema.STRING).topic(own).start();
            producer.send("before");
            application.<String>template().send(templates, "before");
            CompletableFuture<MessageId> open = producer.sendAsync("accepted");

            application.context.stop();
            assertThat(open).isCompleted();
            await().atMost(Duration.ofMinutes(1)).until(() -> producer.state() == HandleState.FAILED);
            application.context.start();
            producer.awaitReady(Duration.ofMinutes(1));
            producer.send("after a pause");
            application.<String>template().send(templates, "after a pause");

            application.context.stop();
            application.context.start();
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .untilAsserted(() -> producer.newMessage()
                            .value("after a restart")
                            .timeout(Duration.ofSeconds(5))
                            .send());
            application.<String>template().send(templates, "after a restart");
            await().atMost(Duration.ofMinutes(1)).until(() -> producer.state() == HandleState.READY);
        }
        assertThat(Broker.values(own, 4)).containsSubsequence("before", "accepted", "after a pause", "after a restart");
        assertThat(Broker.values(templates, 3)).containsExactly("before", "after a pause", "after a restart");
    }

    /** Spring Framework 7 pauses a context, as tests do with a context that they keep for others. */
    @Test
    @Tag("full")
    void producersSurviveAPauseOfSpring7() throws Exception {
        Method pause = ReflectionUtils.findMethod(ConfigurableApplicationContext.class, "pause");
        Method restart = ReflectionUtils.findMethod(ConfigurableApplicationContext.class, "restart");
        assumeTrue(pause != null, "Spring Framework 6 has no pause");
        String topic = Broker.freshTopic("paused");
        try (Application application = Application.run()) {
            application.<String>template().send(topic, "before");
            pause.invoke(application.context);
            restart.invoke(application.context);
            application.<String>template().send(topic, "after");
        }
        assertThat(Broker.values(topic, 2)).containsExactly("before", "after");
    }

    @Configuration(proxyBeanMethods = false)
    static class Own {
        @Bean(destroyMethod = "")
        SupervisedProducer<String> slow(Vela vela) throws PulsarClientException {
            return vela.newProducer(Schema.STRING)
                    .topic(Broker.freshTopic("slow"))
                    .startupDelay(Duration.ofSeconds(2))
                    .start();
        }
    }

    @Test
    void theStartOfTheApplicationWaitsUntilItsProducersAreReady() {
        try (Application application = Application.run(Own.class, "vela.await-ready=1m")) {
            assertThat(application.context.getBean(SupervisedProducer.class).state())
                    .isEqualTo(HandleState.READY);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Broken {
        static final AtomicReference<Vela> VELA = new AtomicReference<>();

        @Bean
        SmartInitializingSingleton failure(Vela vela, PulsarTemplate<String> template) {
            return () -> {
                VELA.set(vela);
                template.send(Broker.freshTopic("broken"), "order");
                throw new IllegalStateException("this application does not start");
            };
        }
    }

    @Test
    @Tag("full")
    void aContextThatFailsToStartLeavesNoRuntime() {
        assertThatThrownBy(() -> Application.run(Broken.class)).hasStackTraceContaining("does not start");

        assertThat(Velas.isClosed(Broken.VELA.get())).isTrue();
    }

    @Test
    @Tag("full")
    void allDrainTogetherAndAFrozenBrokerDoesNotKeepAContextBeyondThePhase() throws Exception {
        List<CompletableFuture<MessageId>> sends = new ArrayList<>();
        List<String> lines;
        try (Log log = new Log(DefaultLifecycleProcessor.class.getName())) {
            Application application =
                    Application.run("vela.drain-timeout=10s", "spring.lifecycle.timeout-per-shutdown-phase=20s");
            List<String> topics = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                topics.add(Broker.freshTopic("frozen"));
                application.<String>template().send(topics.get(i), "before");
            }
            List<SupervisedProducer<?>> producers = application.vela().producers();
            assertThat(producers).hasSize(5);
            Broker.pulsar().freeze();
            try {
                topics.forEach(topic -> sends.add(application.<String>template().sendAsync(topic, "lost")));
                CompletableFuture<Void> close = CompletableFuture.runAsync(application::close);
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> producers.stream().allMatch(each -> each.state() == HandleState.STOPPING));
                close.get(5, TimeUnit.MINUTES);
            } finally {
                Broker.pulsar().thaw();
            }
            lines = log.lines();
        }

        assertThat(sends).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(lines).noneMatch(message -> message.contains("still running after timeout"));
    }
}
