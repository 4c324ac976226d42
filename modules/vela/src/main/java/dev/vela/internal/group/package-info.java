/** The glue: handles, groups, partitions and the runtime over supervision, routing and lanes. */
@NullMarked
package dev.vela.internal.group;

import org.jspecify.annotations.NullMarked;
