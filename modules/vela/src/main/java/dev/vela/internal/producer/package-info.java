/**
 * The official producers of a group: the choice of the lane for a message, and the children that keep the lanes
 * supplied.
 */
@NullMarked
package dev.vela.internal.producer;

import org.jspecify.annotations.NullMarked;
