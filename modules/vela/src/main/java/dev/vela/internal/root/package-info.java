/** The runtime: its names, its builder, and how each handle is started and stopped. */
@NullMarked
package dev.vela.internal.root;

import org.jspecify.annotations.NullMarked;
