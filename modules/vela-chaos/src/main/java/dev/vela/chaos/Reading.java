package dev.vela.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A message as it was read back.
 *
 * @param partition the topic or partition of the message
 * @param place the id of the message there
 * @param id the identity that the payload claims; null if the run did not send the message
 * @param intact whether key and payload are as they were sent
 */
record Reading(String partition, String place, @Nullable MessageRef id, boolean intact) {}
