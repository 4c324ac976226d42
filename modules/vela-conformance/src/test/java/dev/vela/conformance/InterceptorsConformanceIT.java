package dev.vela.conformance;

/** The test of interceptors. */
class InterceptorsConformanceIT extends Conformance {
    InterceptorsConformanceIT() {
        super(INTERCEPTORS::equals);
    }
}
