package dev.vela.conformance;

/** The other tests of the broker. */
class BrokerConformanceIT extends Conformance {
    BrokerConformanceIT() {
        super(name -> !name.startsWith(CLIENT) && !isLong(name));
    }
}
