package dev.vela.internal.supervision;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what it learns. */
final class JournalListener implements SupervisorListener {

    private final List<String> journal;

    JournalListener(List<String> journal) {
        this.journal = journal;
    }

    @Override
    public void childStarted(String id) {
        journal.add("started " + id);
    }

    @Override
    public void childExited(String id, @Nullable Throwable cause) {
        journal.add("exited " + id + ": " + reason(cause));
    }

    @Override
    public void childRestarting(String id, int attempt, Duration delay, @Nullable Throwable cause) {
        journal.add("restarting " + id + ": attempt " + attempt + " in " + delay.toMillis() + " ms: " + reason(cause));
    }

    @Override
    public void childRestarted(String id) {
        journal.add("restarted " + id);
    }

    @Override
    public void childAbandoned(String id) {
        journal.add("abandoned " + id);
    }

    @Override
    public void failed(IntensityExceededException failure) {
        journal.add("failed");
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null ? "normal" : String.valueOf(cause.getMessage());
    }
}
