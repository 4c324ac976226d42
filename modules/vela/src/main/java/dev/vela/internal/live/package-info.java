/** What tools outside of the application see of a runtime: its report, its management bean, its recorded events. */
@NullMarked
package dev.vela.internal.live;

import org.jspecify.annotations.NullMarked;
