package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.local.LocalPulsar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.pulsar.core.PulsarOperations;
import org.springframework.pulsar.core.PulsarTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions of templates, and those of Spring's transaction manager, comprise supervised producers. */
@Tag("full")
class TransactionsIT {
    private static final String ONE = "persistent://public/default/one";
    private static final String OTHER = "persistent://public/default/other";

    @Test
    void aTransactionIsAllOrNothing() throws Exception {
        try (LocalPulsar pulsar = LocalPulsar.builder()
                .readyWithin(Duration.ofMinutes(5))
                .config("transactionCoordinatorEnabled", "true")
                .start()) {
            try (Application application = Application.run(
                    "spring.pulsar.client.service-url=" + pulsar.serviceUrl(),
                    "spring.pulsar.transaction.enabled=true")) {
                PulsarTemplate<String> template = application.template();
                TransactionTemplate managed =
                        new TransactionTemplate(application.context.getBean(PlatformTransactionManager.class));

                template.executeInTransaction(local -> sendBoth(local, "local"));
                assertThatThrownBy(() -> template.executeInTransaction(local -> {
                            sendBoth(local, "undone");
                            throw new IllegalStateException("undo");
                        }))
                        .hasStackTraceContaining("undo");
                managed.executeWithoutResult(status -> sendBoth(template, "managed"));
                managed.executeWithoutResult(status -> {
                    sendBoth(template, "undone");
                    status.setRollbackOnly();
                });
                managed.executeWithoutResult(status -> sendBoth(template, "last"));

                assertThat(application.vela().producers()).hasSize(2);
            }
            assertThat(values(pulsar, ONE)).containsExactly("local", "managed", "last");
            assertThat(values(pulsar, OTHER)).containsExactly("local", "managed", "last");
        }
    }

    private static String sendBoth(PulsarOperations<String> operations, String value) {
        operations.send(ONE, value);
        operations.send(OTHER, value);
        return value;
    }

    private static List<String> values(LocalPulsar pulsar, String topic) throws Exception {
        List<String> values = new ArrayList<>();
        try (PulsarClient client =
                        PulsarClient.builder().serviceUrl(pulsar.serviceUrl()).build();
                Consumer<String> consumer = client.newConsumer(Schema.STRING)
                        .topic(topic)
                        .subscriptionName("reader")
                        .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                        .subscribe()) {
            while (!values.contains("last")) {
                Message<String> message = consumer.receive(90, TimeUnit.SECONDS);
                if (message == null) {
                    break;
                }
                values.add(message.getValue());
            }
        }
        return values;
    }
}
