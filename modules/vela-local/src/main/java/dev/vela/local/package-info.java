/**
 * Runs a real Pulsar in separate processes, to start, kill, freeze and restart at will. Start with
 * {@link dev.vela.local.LocalPulsar}, or with {@link dev.vela.local.LocalCluster} for servers that fail one by one.
 */
@NullMarked
package dev.vela.local;

import org.jspecify.annotations.NullMarked;
