package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.CryptoKeyReader;
import org.apache.pulsar.client.api.EncryptionKeyInfo;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.client.impl.schema.JSONSchema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.pulsar.core.ProducerBuilderCustomizer;
import org.springframework.pulsar.core.PulsarTemplate;

/** What applications rely on in Spring for Apache Pulsar is there under supervision. */
class SpringFeaturesIT {
    private static final String TYPED = Broker.freshTopic("typed");

    private static Application application;

    /** A message whose topic and schema the configuration knows. */
    public static class Order {
        public String id;

        public Order() {}

        Order(String id) {
            this.id = id;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Features {
        static final Queue<String> INTERCEPTED = new ConcurrentLinkedQueue<>();
        static final Queue<String> OBSERVED = new ConcurrentLinkedQueue<>();

        @Bean
        ProducerInterceptor interceptor() {
            return new Interceptor();
        }

        @Bean
        ProducerBuilderCustomizer<?> customizer() {
            return builder -> builder.property("team", "orders").enableBatching(true);
        }

        @Bean
        ObservationHandler<Observation.Context> observations() {
            return new ObservationHandler<>() {
                @Override
                public void onStop(Observation.Context context) {
                    OBSERVED.add(context.getName() + " " + context.getContextualName());
                }

                @Override
                public boolean supportsContext(Observation.Context context) {
                    return true;
                }
            };
        }
    }

    @SuppressWarnings("rawtypes") // as the interface has them
    private static final class Interceptor implements ProducerInterceptor {
        @Override
        public boolean eligible(Message message) {
            return true;
        }

        @Override
        public Message beforeSend(Producer producer, Message message) {
            Features.INTERCEPTED.add("before " + producer.getTopic());
            return message;
        }

        @Override
        public void onSendAcknowledgement(Producer producer, Message message, MessageId id, Throwable exception) {
            Features.INTERCEPTED.add("after " + producer.getTopic());
        }

        @Override
        public void close() {}
    }

    /** A pair of keys, in the form that the client's encryption reads. */
    private record Keys(KeyPair pair) implements CryptoKeyReader {
        private static final long serialVersionUID = 1L;

        static Keys fresh() throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return new Keys(generator.generateKeyPair());
        }

        @Override
        public EncryptionKeyInfo getPublicKey(String name, Map<String, String> metadata) {
            return pem("PUBLIC KEY", pair.getPublic());
        }

        @Override
        public EncryptionKeyInfo getPrivateKey(String name, Map<String, String> metadata) {
            return pem("PRIVATE KEY", pair.getPrivate());
        }

        private static EncryptionKeyInfo pem(String type, Key key) {
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
            String text = "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
            return new EncryptionKeyInfo(text.getBytes(StandardCharsets.US_ASCII), Map.of());
        }
    }

    @BeforeAll
    static void run() {
        application = Application.run(
                Features.class,
                "spring.pulsar.template.observations-enabled=true",
                "spring.pulsar.defaults.type-mappings[0].message-type=" + Order.class.getName(),
                "spring.pulsar.defaults.type-mappings[0].topic-name=" + TYPED,
                "spring.pulsar.defaults.type-mappings[0].schema-info.schema-type=json");
    }

    @AfterAll
    static void close() {
        application.close();
    }

    @Test
    void interceptorsSeeEachMessage() throws Exception {
        String topic = Broker.freshTopic("intercepted");
        PulsarTemplate<String> template = application.template();
        template.sendAsync(topic, "1");
        template.send(topic, "2");

        assertThat(Features.INTERCEPTED)
                .filteredOn(call -> call.endsWith(topic))
                .containsExactlyInAnyOrder("before " + topic, "before " + topic, "after " + topic, "after " + topic);
    }

    @Test
    void customizersReachTheOfficialProducer() throws Exception {
        String topic = Broker.freshTopic("customized");
        application.<String>template().send(topic, "order");

        assertThat(Broker.pulsar().admin().stats(topic)).contains("\"team\"").contains("\"orders\"");
    }

    @Test
    void observationsAreMadeAndPropagated() throws Exception {
        String topic = Broker.freshTopic("observed");
        application.<String>template().send(topic, "order");

        assertThat(Features.OBSERVED).contains("spring.pulsar.template " + topic + " send");
    }

    @Test
    void topicAndSchemaAreResolvedByTheTypeOfTheMessage() throws Exception {
        application.<Order>template().send(new Order("42"));

        try (Consumer<Order> consumer = Broker.client()
                .newConsumer(JSONSchema.of(Order.class))
                .topic(TYPED)
                .subscriptionName("typed")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe()) {
            assertThat(consumer.receive(60, TimeUnit.SECONDS).getValue().id).isEqualTo("42");
        }
    }

    @Test
    void messagesAreEncrypted() throws Exception {
        String topic = Broker.freshTopic("secret");
        Keys keys = Keys.fresh();
        application
                .<String>template()
                .newMessage("secret")
                .withTopic(topic)
                .withProducerCustomizer(builder -> builder.cryptoKeyReader(keys).addEncryptionKey("key"))
                .send();

        try (Consumer<String> consumer = Broker.client()
                .newConsumer(Schema.STRING)
                .topic(topic)
                .subscriptionName("secret")
                .cryptoKeyReader(keys)
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe()) {
            Message<String> message = consumer.receive(60, TimeUnit.SECONDS);
            assertThat(message.getValue()).isEqualTo("secret");
            assertThat(message.getEncryptionCtx()).isPresent();
        }
    }

    @Test
    void messagesAreCustomized() throws Exception {
        String topic = Broker.freshTopic("message");
        application
                .<String>template()
                .newMessage("order")
                .withTopic(topic)
                .withMessageCustomizer(message -> message.key("k").property("p", "v"))
                .send();

        List<Message<String>> messages = Broker.read(topic, 1);
        assertThat(messages.get(0).getKey()).isEqualTo("k");
        assertThat(messages.get(0).getProperty("p")).isEqualTo("v");
    }
}
