package dev.vela.spring;

import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an application configures under {@code vela}. Immutable. A value out of range fails the start of the
 * application, with the property's name.
 *
 * <p>Everything that Spring's own properties say of producers and clients, under {@code spring.pulsar}, keeps its
 * meaning.
 *
 * @param enabled Whether anything is supervised, shown or drained at all.
 * @param supervise Whether the producers of each client are supervised. If not, there is still a runtime for each
 *     client, for producers that the application starts by itself.
 * @param waitForBroker Whether the creation of a producer fails while no broker can be reached. If not, its messages
 *     wait for a broker, so that the application may start before its cluster.
 * @param producers How many producers publish to each topic or partition. Producers with an exclusive access mode are
 *     always single.
 * @param inFlightPolicy What happens to messages in flight when their producer dies: their failure is reported, or the
 *     producer's successor replays them.
 * @param stableNames Whether producers have the same names at the broker after a restart of the application, for
 *     deduplication. Two instances of the application then keep each other out.
 * @param drainTimeout How long the shutdown waits for the answers to messages that were accepted before. Should be some
 *     seconds shorter than spring.lifecycle.timeout-per-shutdown-phase.
 * @param awaitReady How long the start of the application waits until the producers started by then are ready. A
 *     producer that is not ready in time is logged.
 * @param maxPendingMessages How many messages may be pending over all producers of a client. 1,000,000 by default.
 * @param maxPendingBytes How many bytes may be pending over all producers of a client. By default a quarter of the
 *     heap, or less if the client's memory limit is less.
 * @param disconnectedLimit How long a producer may be disconnected before it is replaced. By default 30 s, or the send
 *     timeout if that is longer.
 * @param linger How long a producer stays after it was closed, to be used again by whoever creates the same. By default
 *     1 min if spring.pulsar.producer.cache.enabled is false, since a template then creates and closes a producer for each
 *     message; else a producer is stopped when it is closed.
 * @param jmx Whether each runtime is registered with the platform's MBean server, for tools such as "vela top".
 * @param remoteRestart Whether tools and the endpoint "velaview" may restart producers that are down.
 * @param restartIntensity How often the producers of a topic or partition may be restarted before it is given up.
 * @param batching The limits of entries, where batching is on.
 * @param health What health says.
 * @param metrics What meters there are.
 */
@ConfigurationProperties("vela")
public record VelaProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("true") boolean supervise,
        @DefaultValue("true") boolean waitForBroker,
        @DefaultValue("1") int producers,
        @DefaultValue("report") InFlightPolicy inFlightPolicy,
        @DefaultValue("false") boolean stableNames,
        @DefaultValue("10s") Duration drainTimeout,
        @DefaultValue("0s") Duration awaitReady,
        @Nullable Integer maxPendingMessages,
        @Nullable DataSize maxPendingBytes,
        @Nullable Duration disconnectedLimit,
        @Nullable Duration linger,
        @DefaultValue("true") boolean jmx,
        @DefaultValue("true") boolean remoteRestart,
        @DefaultValue Restarts restartIntensity,
        @DefaultValue Entries batching,
        @DefaultValue Health health,
        @DefaultValue Metrics metrics) {

    /** Checks the values. */
    public VelaProperties {
        check(producers >= 1 && producers <= 1000, "producers", "be in [1, 1000]", producers);
        checkNotNegative("drain-timeout", drainTimeout);
        checkNotNegative("await-ready", awaitReady);
        if (maxPendingMessages != null) {
            check(maxPendingMessages >= 1, "max-pending-messages", "be >= 1", maxPendingMessages);
        }
        if (maxPendingBytes != null) {
            check(maxPendingBytes.toBytes() >= 1, "max-pending-bytes", "be >= 1B", maxPendingBytes);
        }
        if (disconnectedLimit != null) {
            checkPositive("disconnected-limit", disconnectedLimit);
        }
        if (linger != null) {
            checkNotNegative("linger", linger);
        }
    }

    /**
     * How often the producers of a topic or partition may be restarted.
     *
     * @param maxRestarts The number of restarts within the period.
     * @param period The period.
     */
    public record Restarts(
            @DefaultValue("100") int maxRestarts,
            @DefaultValue("60s") Duration period) {

        /** Checks the values. */
        public Restarts {
            check(maxRestarts >= 0, "restart-intensity.max-restarts", "be >= 0", maxRestarts);
            checkPositive("restart-intensity.period", period);
        }
    }

    /**
     * The limits of entries, where batching is on; what is not given stays as the producer's builder has it.
     *
     * @param maxMessages How many messages share an entry at most.
     * @param maxBytes How large an entry is at most.
     * @param flushInterval How long an entry waits for more messages at most.
     * @param flush Whether an entry leaves as soon as waiting would gain nothing, or only when it is full or its
     *     interval is over.
     * @param keyGrouped Whether an entry has messages of one key only, for Key_Shared subscriptions.
     */
    public record Entries(
            @Nullable Integer maxMessages,
            @Nullable DataSize maxBytes,
            @Nullable Duration flushInterval,
            Batching.@Nullable Flush flush,
            @DefaultValue("false") boolean keyGrouped) {

        /** Checks the values. */
        public Entries {
            try {
                adjust(maxMessages, maxBytes, flushInterval, flush, keyGrouped, Batching.defaults());
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new IllegalArgumentException("vela.batching: " + e.getMessage(), e);
            }
        }

        Batching adjust(Batching given) {
            return adjust(maxMessages, maxBytes, flushInterval, flush, keyGrouped, given);
        }

        private static Batching adjust(
                @Nullable Integer maxMessages,
                @Nullable DataSize maxBytes,
                @Nullable Duration flushInterval,
                Batching.@Nullable Flush flush,
                boolean keyGrouped,
                Batching given) {
            Batching batching = given;
            if (maxMessages != null) {
                batching = batching.withMaxMessages(maxMessages);
            }
            if (maxBytes != null) {
                batching = batching.withMaxBytes(Math.toIntExact(maxBytes.toBytes()));
            }
            if (flushInterval != null) {
                batching = batching.withFlushInterval(flushInterval);
            }
            if (flush != null) {
                batching = batching.withFlush(flush);
            }
            return keyGrouped ? batching.withKeyBased() : batching;
        }
    }

    /**
     * What health says.
     *
     * @param grace How long a producer may be restarting before it is out of service.
     */
    public record Health(@DefaultValue("30s") Duration grace) {

        /** Checks the value. */
        public Health {
            checkNotNegative("health.grace", grace);
        }
    }

    /**
     * What meters there are, where the application has a registry.
     *
     * @param enabled Whether there are any.
     * @param partitions Whether messages are counted for each partition.
     */
    public record Metrics(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("false") boolean partitions) {}

    private static void checkNotNegative(String key, Duration value) {
        check(!value.isNegative(), key, "not be negative", value);
    }

    private static void checkPositive(String key, Duration value) {
        check(!value.isNegative() && !value.isZero(), key, "be positive", value);
    }

    private static void check(boolean isGood, String key, String rule, Object value) {
        if (!isGood) {
            throw new IllegalArgumentException("vela." + key + " must " + rule + ", was " + value);
        }
    }
}
