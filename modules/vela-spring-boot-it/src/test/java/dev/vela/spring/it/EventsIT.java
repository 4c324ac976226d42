package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.VelaEvent;
import dev.vela.VelaListener;
import dev.vela.spring.VelaApplicationEvent;
import jakarta.annotation.PostConstruct;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.pulsar.core.PulsarTemplate;

/** Events reach listener beans and event listeners of the context, the first ones too. */
class EventsIT {
    private static final String TOPIC = Broker.freshTopic("events");

    @Configuration(proxyBeanMethods = false)
    static class Listeners {
        @Bean
        EarlySender sender(PulsarTemplate<String> template) {
            return new EarlySender(template);
        }

        @Bean
        Recorder recorder(PulsarTemplate<String> template) {
            return new Recorder();
        }
    }

    /** Sends before other beans exist. */
    static class EarlySender {
        private final PulsarTemplate<String> template;

        EarlySender(PulsarTemplate<String> template) {
            this.template = template;
        }

        @PostConstruct
        void send() {
            template.send(TOPIC, "early");
        }
    }

    /** Records what it is told, and then fails. */
    static class Recorder implements VelaListener {
        final List<VelaEvent> told = new CopyOnWriteArrayList<>();
        final List<VelaEvent> published = new CopyOnWriteArrayList<>();
        final List<VelaApplicationEvent> withClient = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(VelaEvent event) {
            told.add(event);
            throw new IllegalStateException("a listener's failure is its own");
        }

        @EventListener
        void on(VelaEvent event) {
            published.add(event);
        }

        @EventListener
        void on(VelaApplicationEvent event) {
            withClient.add(event);
        }
    }

    @Test
    void listenersSeeAllEventsInOrderWithTheClientsName() {
        Recorder recorder;
        try (Application application = Application.run(Listeners.class)) {
            recorder = application.context.getBean(Recorder.class);
            Recorder seen = recorder;
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> seen.withClient.stream()
                            .anyMatch(event -> event.event().type() == VelaEvent.Type.READY));
        }

        assertThat(recorder.told).extracting(VelaEvent::type).startsWith(VelaEvent.Type.STARTED);
        assertThat(recorder.told).allMatch(event -> event.name().equals(TOPIC));
        assertThat(recorder.published).startsWith(recorder.told.get(0), recorder.told.get(1));
        assertThat(recorder.withClient).allMatch(event -> event.client().equals("pulsarClient"));
        assertThat(recorder.withClient).extracting(VelaApplicationEvent::event).isEqualTo(recorder.published);
    }

    @Configuration(proxyBeanMethods = false)
    static class Senders {
        @Bean
        Sender sender(PulsarTemplate<String> template) {
            return new Sender(template);
        }
    }

    /** Sends to topics that have no producer yet, when one has become ready. */
    static class Sender implements VelaListener {
        static final String HEARD = Broker.freshTopic("heard");
        static final String TOLD = Broker.freshTopic("told");
        static final String PUBLISHED = Broker.freshTopic("published");

        private final PulsarTemplate<String> template;

        Sender(PulsarTemplate<String> template) {
            this.template = template;
        }

        @Override
        public void onEvent(VelaEvent event) {
            sendOnce(event, TOLD);
        }

        @EventListener
        void on(VelaEvent event) {
            sendOnce(event, PUBLISHED);
        }

        private void sendOnce(VelaEvent event, String topic) {
            if (event.type() == VelaEvent.Type.READY && event.name().equals(HEARD)) {
                template.send(topic, "ready");
            }
        }
    }

    @Test
    void aListenerMaySendThroughATemplate() throws Exception {
        try (Application application = Application.run(Senders.class)) {
            application.<String>template().send(Sender.HEARD, "order");

            assertThat(Broker.values(Sender.TOLD, 1)).containsExactly("ready");
            assertThat(Broker.values(Sender.PUBLISHED, 1)).containsExactly("ready");
        }
    }
}
