package dev.vela.cli;

import dev.vela.local.LocalPulsar;

/** One Pulsar for all tests of this module that need one; it ends with this JVM. */
final class SharedPulsar {

    private static final LocalPulsar PULSAR = LocalPulsar.start();

    private SharedPulsar() {}

    static LocalPulsar get() {
        return PULSAR;
    }

    static String url() {
        return PULSAR.serviceUrl();
    }
}
