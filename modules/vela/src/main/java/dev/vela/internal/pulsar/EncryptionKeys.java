package dev.vela.internal.pulsar;

import org.apache.pulsar.client.api.MessageCrypto;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.apache.pulsar.client.impl.conf.ProducerConfigurationData;
import org.apache.pulsar.client.impl.crypto.MessageCryptoBc;
import org.apache.pulsar.common.api.proto.MessageMetadata;

/** The keys that a producer encrypts with. */
public final class EncryptionKeys {
    private static final boolean FOR_PRODUCER = true;

    private EncryptionKeys() {}

    /**
     * Loads the keys as the client does when it creates the producer, so that a missing key is noticed before the
     * broker knows the producer. The client notices only while it registers the producer, then fails the creation and
     * leaves the producer at the broker: its name would be taken for the life of the client.
     *
     * @throws PulsarClientException.CryptoException if a key cannot be loaded; other exceptions of the key reader are
     *     passed on
     */
    public static void check(ProducerBuilder<?> builder) throws PulsarClientException {
        if (!(builder instanceof ProducerBuilderImpl<?> official)) {
            return;
        }
        ProducerConfigurationData configuration = official.getConf();
        if (configuration.isEncryptionEnabled()) {
            crypto(configuration)
                    .addPublicKeyCipher(configuration.getEncryptionKeys(), configuration.getCryptoKeyReader());
        }
    }

    @SuppressWarnings("unchecked") // the client does the same
    private static MessageCrypto<MessageMetadata, MessageMetadata> crypto(ProducerConfigurationData configuration) {
        MessageCrypto<MessageMetadata, MessageMetadata> own = configuration.getMessageCrypto();
        return own == null ? new MessageCryptoBc("[" + configuration.getTopicName() + "] ", FOR_PRODUCER) : own;
    }
}
