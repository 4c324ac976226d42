package dev.vela.chaos;

import dev.vela.Backoff;
import dev.vela.Batching;
import dev.vela.Outcome;
import dev.vela.SupervisedProducerBuilder;
import java.time.Duration;
import org.apache.pulsar.client.api.ProducerBuilder;

/** Configures the handles of Vela in a run. */
final class VelaSetup {

    private final ApplicationSettings settings;

    VelaSetup(ApplicationSettings settings) {
        this.settings = settings;
    }

    /** Applies the settings that all handles share, except the number of producers. */
    void apply(SupervisedProducerBuilder<byte[], ?> builder) {
        builder.inFlightPolicy(settings.inFlight())
                .maxPendingMessages(ApplicationSettings.MAX_PENDING)
                .maxDisconnectedTime(ApplicationSettings.DISCONNECTED_LIMIT)
                .backoff(Backoff.exponential(Duration.ofMillis(100), ApplicationSettings.LONGEST_BACKOFF))
                .refusedRetryInterval(ApplicationSettings.LONGEST_BACKOFF)
                .customize(this::customize);
        if (settings.batching()) {
            builder.batching(Batching.defaults());
        }
    }

    /** Sets chunking among the official client's own options, because Vela does not check it there. */
    private void customize(ProducerBuilder<byte[]> producer) {
        if (settings.setup().has(Dimension.CHUNKING)) {
            producer.enableChunking(true).chunkMaxMessageSize(ApplicationSettings.CHUNK_BYTES);
        }
        if (settings.setup().has(Dimension.ENCRYPTION)) {
            producer.addEncryptionKey(KeyFiles.NAME).cryptoKeyReader(settings.keys());
        }
    }

    /** Returns what a failure tells about its message. */
    static Answer.Kind kindOf(Throwable failure) {
        return Outcome.of(failure) == Outcome.NOT_SENT ? Answer.Kind.FAILED : Answer.Kind.UNKNOWN;
    }
}
