package dev.vela.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A message as it was read back.
 *
 * @param partition the topic or partition that it was read from
 * @param place its id there
 * @param id which one it says it is; null if it is none of ours
 * @param intact whether key and payload are what that one was given
 */
record Reading(String partition, String place, @Nullable MessageRef id, boolean intact) {}
