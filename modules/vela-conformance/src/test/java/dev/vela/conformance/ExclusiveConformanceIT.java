package dev.vela.conformance;

/** The test of access modes. */
class ExclusiveConformanceIT extends Conformance {
    ExclusiveConformanceIT() {
        super(EXCLUSIVE::equals);
    }
}
