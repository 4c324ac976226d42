package dev.vela.internal.runtime;

import java.time.Duration;

/**
 * What a handle owes to code that takes it for an official producer.
 *
 * @param producerName the name of its official producers, the same in each partition; see {@link #producerName(int)}
 * @param maxPendingAcrossPartitions how many messages may be pending over all partitions, in equal shares; 0 for any
 *     number
 * @param waitsForBroker whether the handle is handed out only once a broker has answered
 */
public record OfficialTerms(String producerName, int maxPendingAcrossPartitions, boolean waitsForBroker) {
    /** The name of one of several producers of a partition: the first has the plain name. */
    public String producerName(int index) {
        return index == 0 ? producerName : producerName + "-" + index;
    }

    /** A broker that does not answer within this time cannot be reached. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);
}
