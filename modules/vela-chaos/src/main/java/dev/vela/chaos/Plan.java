package dev.vela.chaos;

import java.time.Duration;

/**
 * What a run does.
 *
 * @param seed what drew the schedule, and the setup where it was not given
 * @param length how long messages are sent
 * @param setup how they are published
 * @param schedule the faults
 * @param standalone whether all of Pulsar is one process
 * @param selection the options that chose the faults, as they were given; empty for all of them
 */
record Plan(long seed, Duration length, Setup setup, Schedule schedule, boolean standalone, String selection) {}
