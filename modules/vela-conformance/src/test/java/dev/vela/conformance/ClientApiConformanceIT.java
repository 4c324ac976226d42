package dev.vela.conformance;

/** The other tests of the client's interfaces. */
class ClientApiConformanceIT extends Conformance {
    ClientApiConformanceIT() {
        super(name -> name.startsWith(CLIENT_API) && !isLong(name));
    }
}
