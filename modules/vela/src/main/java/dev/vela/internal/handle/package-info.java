/** What a user holds: takes messages in, finds each its way, waits, stops. */
@NullMarked
package dev.vela.internal.handle;

import org.jspecify.annotations.NullMarked;
