package dev.vela.local;

import java.io.IOException;
import java.util.Locale;

/** A JVM that has a local Pulsar and never closes it. */
final class Parent {

    enum End {
        /** Waits to be killed. */
        WAIT,
        /** Freezes the server, and waits to be killed. */
        FREEZE,
        /** Ends by itself. */
        EXIT
    }

    private Parent() {}

    public static void main(String[] args) throws IOException {
        LocalPulsar pulsar = LocalPulsar.start();
        End end = End.valueOf(args[0].toUpperCase(Locale.ROOT));
        if (end == End.FREEZE) {
            pulsar.freeze();
        }
        System.out.println(pulsar.adminUrl() + " " + pulsar.folder());
        if (end != End.EXIT) {
            System.in.read();
        }
        System.exit(0);
    }
}
