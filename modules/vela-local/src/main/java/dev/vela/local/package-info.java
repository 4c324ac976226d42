/**
 * Runs a real Pulsar in a process of its own, to start, kill, freeze and restart at will. Begin with
 * {@link dev.vela.local.LocalPulsar}.
 */
@NullMarked
package dev.vela.local;

import org.jspecify.annotations.NullMarked;
