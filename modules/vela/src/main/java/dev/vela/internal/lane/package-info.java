/** The stations between a send and an official producer: budgets, entries in flight, deadlines, completions. */
@NullMarked
package dev.vela.internal.lane;

import org.jspecify.annotations.NullMarked;
