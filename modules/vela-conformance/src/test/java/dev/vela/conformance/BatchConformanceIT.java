package dev.vela.conformance;

/** The test of batches. */
class BatchConformanceIT extends Conformance {
    BatchConformanceIT() {
        super(BATCHES::equals);
    }
}
