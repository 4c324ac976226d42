/** The resources that all handles of a runtime share, and the settings that a builder gives to one handle. */
@NullMarked
package dev.vela.internal.runtime;

import org.jspecify.annotations.NullMarked;
