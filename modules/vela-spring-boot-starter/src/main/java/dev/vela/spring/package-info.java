/** Supervised producers for Spring Boot: what an application configures, sees and asks. */
@NullMarked
package dev.vela.spring;

import org.jspecify.annotations.NullMarked;
