package dev.vela.opentelemetry;

import dev.vela.Outcome;
import dev.vela.VelaMetrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts what happens to the messages of one producer of a runtime. Thread-safe; never blocks, unless the SDK does. */
final class MessageMeters implements VelaMetrics.Messages {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Instruments instruments;
    private final boolean hasPartitions;
    private final ErrorTypes errors;
    private final Runnable onClose;
    private final Series whole;
    private final ConcurrentMap<Integer, Series> byPartition = new ConcurrentHashMap<>();

    /** The attributes of the messages of a topic or a partition, made once: of all that is stored, entry by entry. */
    private record Series(
            Attributes plain,
            Attributes sent,
            Attributes stored,
            Attributes duplicate,
            Attributes sentStored,
            Attributes sentDuplicate) {

        static Series of(Attributes plain) {
            Attributes sent = plain.toBuilder()
                    .put(Names.SYSTEM, Names.PULSAR)
                    .put(Names.OPERATION_NAME, Names.SEND)
                    .put(Names.OPERATION_TYPE, Names.SEND)
                    .build();
            return new Series(
                    plain,
                    sent,
                    with(plain, Names.STORED),
                    with(plain, Names.DUPLICATE),
                    with(sent, Names.STORED),
                    with(sent, Names.DUPLICATE));
        }

        private static Attributes with(Attributes attributes, String outcome) {
            return attributes.toBuilder().put(Names.OUTCOME, outcome).build();
        }
    }

    /**
     * Creates meters of a producer.
     *
     * @param attributes what all its series have
     * @param onClose run when the producer has ended
     */
    MessageMeters(
            Instruments instruments,
            Attributes attributes,
            boolean hasPartitions,
            ErrorTypes errors,
            Runnable onClose) {
        this.instruments = instruments;
        this.hasPartitions = hasPartitions;
        this.errors = errors;
        this.onClose = onClose;
        this.whole = Series.of(attributes);
    }

    private Series series(int partition) {
        return hasPartitions && partition >= 0 ? byPartition.computeIfAbsent(partition, this::ofPartition) : whole;
    }

    private Series ofPartition(int partition) {
        return Series.of(whole.plain().toBuilder()
                .put(Names.PARTITION, Integer.toString(partition))
                .build());
    }

    @Override
    public void stored(int partition, int messages, long bytes, long nanos, boolean areDuplicates) {
        Series series = series(partition);
        instruments.messages.add(messages, areDuplicates ? series.duplicate() : series.stored());
        instruments.sent.add(messages, series.sent());
        instruments.bytes.add(bytes, series.plain());
        instruments.entryMessages.record(messages, series.plain());
        instruments.duration.record(
                nanos / NANOS_PER_SECOND, areDuplicates ? series.sentDuplicate() : series.sentStored());
    }

    @Override
    public void failed(int partition, int messages, long nanos, Outcome outcome, Throwable cause) {
        Series series = series(partition);
        String error = errors.of(cause);
        instruments.messages.add(messages, with(series.plain(), error, outcome));
        if (outcome == Outcome.UNKNOWN) {
            instruments.sent.add(
                    messages, series.sent().toBuilder().put(Names.ERROR, error).build());
        }
        if (nanos > 0) { // it was accepted
            instruments.duration.record(nanos / NANOS_PER_SECOND, with(series.sent(), error, outcome));
        }
    }

    private static Attributes with(Attributes attributes, String error, Outcome outcome) {
        AttributesBuilder builder = attributes.toBuilder();
        return builder.put(Names.ERROR, error)
                .put(Names.OUTCOME, Names.outcome(outcome))
                .build();
    }

    @Override
    public void blocked(long nanos) {
        instruments.blocked.record(nanos / NANOS_PER_SECOND, whole.plain());
    }

    @Override
    public void replayed(int partition, int messages) {
        instruments.replayed.add(messages, series(partition).plain());
    }

    @Override
    public void close() {
        onClose.run();
    }
}
