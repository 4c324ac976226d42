package dev.vela.internal.runtime;

import dev.vela.Backoff;
import dev.vela.InFlightPolicy;
import dev.vela.KeyHash;
import dev.vela.RestartIntensity;
import java.time.Duration;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/** The settings of a handle with one producer and small budgets. */
public final class TestSettings {
    public static final Duration DISCONNECTED_LIMIT = Duration.ofSeconds(30);
    public static final Duration REFUSED_RETRY = Duration.ofSeconds(60);

    private TestSettings() {}

    public static ProducerSettings<byte[]> of(ProducerAccessMode accessMode, InFlightPolicy policy) {
        return of(accessMode, policy, true, null, null);
    }

    public static ProducerSettings<byte[]> of(boolean blockIfQueueFull, @Nullable Duration sendTimeout) {
        return of(ProducerAccessMode.Shared, InFlightPolicy.REPORT, blockIfQueueFull, sendTimeout, null);
    }

    /** Those of a handle that stands in for an official producer, and fails what finds no room. */
    public static ProducerSettings<byte[]> of(OfficialTerms official) {
        return of(ProducerAccessMode.Shared, InFlightPolicy.REPORT, false, null, official);
    }

    private static ProducerSettings<byte[]> of(
            ProducerAccessMode accessMode,
            InFlightPolicy policy,
            boolean blockIfQueueFull,
            @Nullable Duration sendTimeout,
            @Nullable OfficialTerms official) {
        return new ProducerSettings<>(
                Schema.BYTES,
                "topic",
                1,
                accessMode,
                null,
                null,
                0,
                null,
                KeyHash.PHASH2,
                false,
                null,
                false,
                blockIfQueueFull,
                sendTimeout,
                1000,
                1 << 20,
                policy,
                RestartIntensity.of(100, Duration.ofSeconds(60)),
                Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30)),
                DISCONNECTED_LIMIT,
                Backoff.exponential(Duration.ofSeconds(1), REFUSED_RETRY),
                Duration.ZERO,
                Duration.ZERO,
                false,
                ProducerSettings.NO_CUSTOMIZER,
                official);
    }
}
