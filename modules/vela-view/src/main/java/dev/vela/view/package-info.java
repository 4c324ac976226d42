/** A running application's supervised producers, in a terminal or in a browser. */
@NullMarked
package dev.vela.view;

import org.jspecify.annotations.NullMarked;
