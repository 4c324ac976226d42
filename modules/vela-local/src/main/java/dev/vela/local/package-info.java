/**
 * Runs a real Pulsar in processes of its own, to start, kill, freeze and restart at will. Begin with
 * {@link dev.vela.local.LocalPulsar}, or with {@link dev.vela.local.LocalCluster} for one whose parts fail one by one.
 */
@NullMarked
package dev.vela.local;

import org.jspecify.annotations.NullMarked;
