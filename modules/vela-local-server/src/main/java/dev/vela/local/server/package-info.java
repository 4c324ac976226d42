/** Main classes that run a real Pulsar. Each belongs in a JVM of its own. */
@NullMarked
package dev.vela.local.server;

import org.jspecify.annotations.NullMarked;
