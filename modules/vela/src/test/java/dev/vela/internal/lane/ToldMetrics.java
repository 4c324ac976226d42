package dev.vela.internal.lane;

import dev.vela.Outcome;
import dev.vela.VelaMetrics;
import java.time.Duration;
import java.util.List;

/** Metrics that note what they are told, in words. */
record ToldMetrics(List<String> told) implements VelaMetrics.Messages {
    @Override
    public void stored(int partition, int messages, long bytes, long nanos, boolean areDuplicates) {
        told.add(partition + ": " + messages + (areDuplicates ? " duplicates" : " stored") + " of " + bytes
                + " bytes after " + Duration.ofNanos(nanos));
    }

    @Override
    public void failed(int partition, int messages, long nanos, Outcome outcome, Throwable cause) {
        told.add(partition + ": " + messages + " " + outcome + " after " + Duration.ofNanos(nanos) + ", "
                + cause.getClass().getSimpleName());
    }

    @Override
    public void replayed(int partition, int messages) {
        told.add(partition + ": " + messages + " replayed");
    }
}
