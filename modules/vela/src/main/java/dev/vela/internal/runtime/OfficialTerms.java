package dev.vela.internal.runtime;

/**
 * What a handle owes to code that takes it for an official producer.
 *
 * @param producerName the name of its official producers, the same in each partition
 * @param maxPendingAcrossPartitions how many messages may be pending over all partitions, in equal shares; 0 for any
 *     number
 */
public record OfficialTerms(String producerName, int maxPendingAcrossPartitions) {}
