package dev.vela.view;

import java.io.IOException;
import java.util.Comparator;

/**
 * Access to a JVM by attaching to it. Once it has ended, a JVM with the same main class, started later and with a
 * runtime in it, takes its place: an application that is restarted has another process id.
 */
final class AttachAccess implements MBeanSource.Access {

    private volatile Jvm jvm;
    private volatile String note = "";

    AttachAccess(Jvm jvm) {
        this.jvm = jvm;
    }

    @Override
    public String describe() {
        return jvm.describe() + note;
    }

    @Override
    public MBeanSource.Connection connect() throws IOException {
        Jvm known = jvm;
        if (known.isAlive()) {
            return known.connect();
        }
        Jvm next = successor(known);
        MBeanSource.Connection connection = next.connect();
        try {
            if (connection.server().queryNames(MBeanSource.RUNTIMES, null).isEmpty()) {
                throw ended(known);
            }
        } catch (IOException e) {
            connection.close();
            throw e;
        }
        note = ", after process " + known.pid() + " ended";
        jvm = next;
        return connection;
    }

    private static Jvm successor(Jvm ended) throws IOException {
        return Jvm.all().stream()
                .filter(other -> other.mainClass().equals(ended.mainClass())
                        && !other.startedAt().isBefore(ended.startedAt()))
                .max(Comparator.comparing(Jvm::startedAt))
                .orElseThrow(() -> ended(ended));
    }

    private static IOException ended(Jvm jvm) {
        return new IOException(
                "process " + jvm.pid() + " has ended; waiting for another JVM that runs " + jvm.mainClass());
    }
}
