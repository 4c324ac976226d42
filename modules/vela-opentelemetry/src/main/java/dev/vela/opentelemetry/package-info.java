/** Traces and metrics of Vela for OpenTelemetry: {@link VelaTracing} and {@link VelaMeters}. */
@NullMarked
package dev.vela.opentelemetry;

import org.jspecify.annotations.NullMarked;
