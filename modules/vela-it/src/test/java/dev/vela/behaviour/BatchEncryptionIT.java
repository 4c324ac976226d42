package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.ProducerGroup;
import dev.vela.SendFailedException;
import dev.vela.Vela;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.ConsumerCryptoFailureAction;
import org.apache.pulsar.client.api.CryptoKeyReader;
import org.apache.pulsar.client.api.EncryptionKeyInfo;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageCrypto;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entries that only the owner of a private key can read. */
class BatchEncryptionIT {
    private static final String KEY_NAME = "owner";
    private static final Batching UNTIL_FLUSHED =
            Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL).withFlushInterval(Duration.ofSeconds(20));

    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshTopic("secret");

    /** A pair of keys, in the form that the client's encryption reads. */
    private record Keys(KeyPair pair) implements CryptoKeyReader {
        private static final long serialVersionUID = 1L;

        static Keys of(String algorithm, int bits) throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
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
            return new EncryptionKeyInfo(text.getBytes(US_ASCII), Map.of());
        }
    }

    private ProducerGroup<String> start(Keys keys, CompressionType compression) throws Exception {
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .compressionType(compression)
                .batching(UNTIL_FLUSHED)
                .customize(producer -> producer.addEncryptionKey(KEY_NAME).cryptoKeyReader(keys))
                .start();
        group.awaitReady(Duration.ofMinutes(1));
        return group;
    }

    @ParameterizedTest
    @CsvSource({"RSA, 2048, NONE", "RSA, 2048, LZ4", "EC, 256, NONE", "EC, 256, ZSTD"})
    void batchesReachTheOwnerOfTheKeyIntact(String algorithm, int bits, CompressionType compression) throws Exception {
        // Given
        Keys keys = Keys.of(algorithm, bits);
        ProducerGroup<String> group = start(keys, compression);
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();

        // When two entries are filled, and a message goes alone between them
        for (int i = 0; i < 201; i++) {
            if (i == 100) {
                group.flush();
            }
            answers.add(group.newMessage()
                    .key("k" + i)
                    .property("n", Integer.toString(i))
                    .value("again and ".repeat(20) + i)
                    .sendAsync());
            if (i == 100) {
                group.flush();
            }
        }
        group.flush();

        // Then
        List<Message<String>> messages = read(keys, 201);
        assertThat(DeliveredEntries.sizes(messages)).containsExactly(100, 1, 100);
        for (int i = 0; i < 201; i++) {
            Message<String> message = messages.get(i);
            assertThat(message.getValue()).isEqualTo("again and ".repeat(20) + i);
            assertThat(message.getKey()).isEqualTo("k" + i);
            assertThat(message.getProperty("n")).isEqualTo(Integer.toString(i));
            Answers.assertSameId(Answers.receipt(answers.get(i)), message.getMessageId());
        }
    }

    private List<Message<String>> read(Keys keys, int count) throws Exception {
        List<Message<String>> messages = new ArrayList<>();
        try (Consumer<String> consumer = Broker.client()
                .newConsumer(Schema.STRING)
                .topic(topic)
                .subscriptionName("owner")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .cryptoKeyReader(keys)
                .subscribe()) {
            while (messages.size() < count) {
                messages.add(consumer.receive(60, TimeUnit.SECONDS));
            }
        }
        return messages;
    }

    @Test
    void othersSeeNeitherValuesNorHowTheyAreCut() throws Exception {
        ProducerGroup<String> group = start(Keys.of("EC", 256), CompressionType.NONE);
        for (int i = 0; i < 10; i++) {
            group.sendAsync("a secret");
        }
        group.flush();

        try (Consumer<byte[]> stranger = Broker.client()
                .newConsumer(Schema.BYTES)
                .topic(topic)
                .subscriptionName("stranger")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .cryptoFailureAction(ConsumerCryptoFailureAction.CONSUME)
                .subscribe()) {
            Message<byte[]> entry = stranger.receive(60, TimeUnit.SECONDS);
            assertThat(new String(entry.getData(), US_ASCII)).doesNotContain("secret");
            assertThat(entry.getEncryptionCtx().orElseThrow().getBatchSize()).isEqualTo(Optional.of(10));
        }
    }

    /** A key reader is asked within a send by an implementation of the application's own, if not by the client's. */
    @Test
    void anEntryThatCouldNotBeEncryptedHasNotLeft() throws Exception {
        // Given encryption that fails for a while
        AtomicBoolean broken = new AtomicBoolean();
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .batching(UNTIL_FLUSHED)
                .customize(producer -> producer.addEncryptionKey(KEY_NAME)
                        .cryptoKeyReader(new NoKeys())
                        .messageCrypto(new Plain(broken)))
                .start();
        group.awaitReady(Duration.ofMinutes(1));
        broken.set(true);
        CompletableFuture<MessageId> one = group.sendAsync("one");
        CompletableFuture<MessageId> two = group.sendAsync("two");
        CompletableFuture<Void> flushed = group.flushAsync();

        // Then what was sent meanwhile has not left, and what comes later does
        Answers.notSent(one, SendFailedException.class);
        Answers.notSent(two, SendFailedException.class);
        assertThat(flushed)
                .failsWithin(Duration.ofMinutes(1)); // until then the failures may still be told, to a flush, too
        broken.set(false);
        CompletableFuture<MessageId> three = group.sendAsync("three");
        group.flush();
        Answers.receipt(three);
        assertThat(group.producers().get(0).restarts()).isZero();
    }

    private static final class NoKeys implements CryptoKeyReader {
        private static final long serialVersionUID = 1L;

        @Override
        public EncryptionKeyInfo getPublicKey(String name, Map<String, String> metadata) {
            return new EncryptionKeyInfo(new byte[1], Map.of());
        }

        @Override
        public EncryptionKeyInfo getPrivateKey(String name, Map<String, String> metadata) {
            return new EncryptionKeyInfo(new byte[1], Map.of());
        }
    }

    /** Encrypts nothing, and fails at will. */
    private record Plain(AtomicBoolean broken) implements MessageCrypto<MessageMetadata, MessageMetadata> {
        @Override
        public int getMaxOutputSize(int inputLength) {
            return inputLength;
        }

        @Override
        public boolean decrypt(
                Supplier<MessageMetadata> metadata, ByteBuffer payload, ByteBuffer out, CryptoKeyReader keys) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void addPublicKeyCipher(Set<String> names, CryptoKeyReader keys) {}

        @Override
        public boolean removeKeyCipher(String name) {
            return true;
        }

        @Override
        public void encrypt(
                Set<String> names,
                CryptoKeyReader keys,
                Supplier<MessageMetadata> metadata,
                ByteBuffer payload,
                ByteBuffer out) {
            if (broken.get()) {
                throw new IllegalStateException("the key store is away");
            }
            out.put(payload);
            out.flip();
        }
    }
}
