/** The official producers of a group: which lane takes a message, and the children that keep the lanes supplied. */
@NullMarked
package dev.vela.internal.producer;

import org.jspecify.annotations.NullMarked;
