package dev.vela.chaos;

import java.time.Duration;

/**
 * The plan of a run.
 *
 * @param seed draws the schedule, and the parts of the setup that were not given
 * @param length the time during which messages are sent
 * @param setup the setup of publishing
 * @param schedule the faults
 * @param standalone whether all of Pulsar is one process
 * @param selection the options that select the faults, as given; empty for all faults
 */
record Plan(long seed, Duration length, Setup setup, Schedule schedule, boolean standalone, String selection) {}
