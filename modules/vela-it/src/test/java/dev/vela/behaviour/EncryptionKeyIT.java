package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.Vela;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.apache.pulsar.client.api.CryptoKeyReader;
import org.apache.pulsar.client.api.EncryptionKeyInfo;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A service of keys that fails for a while. */
class EncryptionKeyIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    @AutoClose
    private final Vela vela = Broker.vela();

    /** Its public key is there, or not. */
    private static final class Keys implements CryptoKeyReader {
        private static final long serialVersionUID = 1L;

        private final byte[] key;
        private volatile boolean there;

        Keys() throws Exception {
            byte[] encoded = KeyPairGenerator.getInstance("RSA")
                    .generateKeyPair()
                    .getPublic()
                    .getEncoded();
            key = ("-----BEGIN PUBLIC KEY-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                            + "\n-----END PUBLIC KEY-----\n")
                    .getBytes(US_ASCII);
        }

        @Override
        public EncryptionKeyInfo getPublicKey(String name, Map<String, String> metadata) {
            return new EncryptionKeyInfo(there ? key : "the service is away".getBytes(US_ASCII), Map.of());
        }

        @Override
        public EncryptionKeyInfo getPrivateKey(String name, Map<String, String> metadata) {
            throw new IllegalStateException("nothing is read here");
        }
    }

    @Test
    void producerComesOnceTheKeyCanBeLoadedAtTheStartAndAfterADeath() throws Exception {
        Keys keys = new Keys();
        Saboteur saboteur = new Saboteur();
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(Broker.freshTopic("keys"))
                .refusedRetryInterval(Duration.ofMillis(200))
                .customize(builder -> {
                    saboteur.join(builder);
                    builder.addEncryptionKey("owner").cryptoKeyReader(keys);
                })
                .start();
        awaitRefusedForTheKey(group);

        keys.there = true;

        await().atMost(SOON).until(() -> group.state() == HandleState.READY);
        group.send("at last");

        keys.there = false;
        saboteur.killLast();
        awaitRefusedForTheKey(group);
        keys.there = true;

        await().atMost(SOON).until(() -> group.state() == HandleState.READY);
        group.send("again");
    }

    private static void awaitRefusedForTheKey(ProducerGroup<String> group) {
        await().atMost(SOON).untilAsserted(() -> {
            Snapshot.Producer producer =
                    group.snapshot().groups().get(0).producers().get(0);
            assertThat(producer.state()).isEqualTo(ProducerState.REFUSED);
            assertThat(producer.lastCause()).containsInstanceOf(PulsarClientException.CryptoException.class);
        });
    }
}
