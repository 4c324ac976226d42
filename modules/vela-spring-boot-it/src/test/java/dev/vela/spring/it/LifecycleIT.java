package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.vela.HandleState;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.pulsar.core.PulsarTemplate;
import org.springframework.util.ReflectionUtils;

/** What becomes of producers when their context stops, starts, closes or fails. */
class LifecycleIT {

    @Test
    void allAcceptedMessagesAreStoredWhenTheContextCloses() throws Exception {
        List<String> topics = List.of(Broker.freshTopic("drained"), Broker.freshTopic("drained"));
        List<CompletableFuture<MessageId>> sends = new ArrayList<>();
        Vela vela;
        try (Application application = Application.run()) {
            vela = application.vela();
            PulsarTemplate<String> template = application.template();
            for (int i = 0; i < 500; i++) {
                for (String topic : topics) {
                    sends.add(template.sendAsync(topic, "order " + i));
                }
            }
        }

        assertThat(sends).allMatch(send -> send.isDone() && !send.isCompletedExceptionally());
        for (String topic : topics) {
            assertThat(Broker.values(topic, 500)).startsWith("order 0").endsWith("order 499");
        }
        assertThatThrownBy(() -> vela.newProducer(Schema.STRING).topic("late").start())
                .isInstanceOf(PulsarClientException.AlreadyClosedException.class);
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

        assertThatThrownBy(() -> Broken.VELA
                        .get()
                        .newProducer(Schema.STRING)
                        .topic("late")
                        .start())
                .isInstanceOf(PulsarClientException.AlreadyClosedException.class);
    }

    @Test
    @Tag("full")
    void aFrozenBrokerDoesNotKeepAContextBeyondThePhase() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger processor = (Logger) LoggerFactory.getLogger(DefaultLifecycleProcessor.class);
        Level level = processor.getLevel();
        log.start();
        processor.setLevel(Level.INFO);
        processor.addAppender(log);
        List<CompletableFuture<MessageId>> sends = new ArrayList<>();
        try {
            Application application =
                    Application.run("vela.drain-timeout=3s", "spring.lifecycle.timeout-per-shutdown-phase=15s");
            List<String> topics = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                topics.add(Broker.freshTopic("frozen"));
                application.<String>template().send(topics.get(i), "before");
            }
            Broker.pulsar().freeze();
            try {
                topics.forEach(topic -> sends.add(application.<String>template().sendAsync(topic, "lost")));
                application.close();
            } finally {
                Broker.pulsar().thaw();
            }
        } finally {
            processor.detachAppender(log);
            processor.setLevel(level);
        }

        assertThat(sends).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(message -> message.contains("still running after timeout"));
    }
}
