/** The {@code vela} command: publishes lines through a supervised producer, and runs a local Pulsar. */
@NullMarked
package dev.vela.cli;

import org.jspecify.annotations.NullMarked;
