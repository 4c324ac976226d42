/** Main classes that run a real Pulsar. Each needs a separate JVM. */
@NullMarked
package dev.vela.local.server;

import org.jspecify.annotations.NullMarked;
