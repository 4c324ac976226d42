package dev.vela.view;

import dev.vela.local.LocalPulsar;
import java.time.Duration;

/** One Pulsar for all tests of this module that need one; it ends with this JVM. */
final class SharedPulsar {

    private static final LocalPulsar PULSAR =
            LocalPulsar.builder().readyWithin(Duration.ofMinutes(5)).start();

    private SharedPulsar() {}

    static LocalPulsar get() {
        return PULSAR;
    }
}
