package dev.vela.internal.runtime;

import java.time.Duration;

/**
 * What a handle owes to code that takes it for an official producer.
 *
 * @param producerName the name of its official producers, the same in each partition
 * @param maxPendingAcrossPartitions how many messages may be pending over all partitions, in equal shares; 0 for any
 *     number
 * @param waitsForBroker whether the handle is handed out only once a broker has answered
 */
public record OfficialTerms(String producerName, int maxPendingAcrossPartitions, boolean waitsForBroker) {
    /** A broker that does not answer within this time cannot be reached. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);
}
