package dev.vela.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A message as the application meant it.
 *
 * @param id which one
 * @param topic the topic, without partition
 * @param key its key, if it has one
 * @param ordered whether it was sent by a thread whose order counts; not so from a callback
 * @param atMillis when, in milliseconds of the epoch
 * @param timeoutMillis how long its answer may take
 */
record Sent(MessageRef id, String topic, @Nullable String key, boolean ordered, long atMillis, long timeoutMillis) {}
