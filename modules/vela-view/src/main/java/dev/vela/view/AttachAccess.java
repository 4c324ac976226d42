package dev.vela.view;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Access to a JVM by attaching to it. Once it has ended, a JVM with the same main class and with a runtime in it, which
 * was started after the last answer, takes its place: an application that is restarted has another process id. Others
 * of that class that ran beside it do not.
 */
final class AttachAccess implements MBeanSource.Access {

    /** What the time of a start, which is counted from that of the machine, may be wrong by. */
    private static final Duration INACCURACY = Duration.ofSeconds(2);

    private volatile Jvm jvm;
    private volatile Instant lastAnswer = Instant.now();
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
        IOException ended = new IOException(
                "process " + known.pid() + " has ended; waiting for another JVM that runs " + known.mainClass());
        for (Jvm next : successors(known)) {
            MBeanSource.Connection connection = null;
            try {
                connection = next.connect();
                if (!connection.server().queryNames(MBeanSource.RUNTIMES, null).isEmpty()) {
                    note = ", after process " + known.pid() + " ended";
                    jvm = next;
                    return connection;
                }
            } catch (IOException | RuntimeException e) {
                ended.addSuppressed(e);
            }
            if (connection != null) {
                connection.close();
            }
        }
        throw ended;
    }

    @Override
    public void answered() {
        lastAnswer = Instant.now();
    }

    /** The newest first. */
    private List<Jvm> successors(Jvm ended) {
        Instant earliest = lastAnswer.minus(INACCURACY);
        return Jvm.all().stream()
                .filter(other -> other.isLike(ended) && !other.startedAt().isBefore(earliest))
                .sorted(Comparator.comparing(Jvm::startedAt).reversed())
                .toList();
    }
}
