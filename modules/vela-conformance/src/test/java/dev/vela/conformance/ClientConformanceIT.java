package dev.vela.conformance;

/** The tests of the client's implementation. */
class ClientConformanceIT extends Conformance {
    ClientConformanceIT() {
        super(name -> name.startsWith(CLIENT) && !name.startsWith(CLIENT_API));
    }
}
