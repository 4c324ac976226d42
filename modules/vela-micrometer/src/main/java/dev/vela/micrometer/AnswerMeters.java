package dev.vela.micrometer;

import dev.vela.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The meters of the answers to messages, of one producer or of one of its partitions. Those of stored messages exist
 * from the start; all others are registered when they are first needed.
 *
 * <p>Thread-safe. Once the meters have been removed, nothing is counted any more.
 */
final class AnswerMeters {
    private static final String STORED = "stored";
    private static final String DUPLICATE = "duplicate";

    private final MeterSet set;
    private final MeterRegistry registry;
    private final Tags tags;
    private final ExceptionNames exceptions;
    private final @Nullable Counter stored;
    private final @Nullable Timer storedTime;
    private final @Nullable DistributionSummary entryMessages;
    private final @Nullable Counter bytes;
    private final Map<Answer, Counter> messages = new ConcurrentHashMap<>();
    private final Map<String, Timer> times = new ConcurrentHashMap<>();
    private volatile @Nullable Counter replayed;

    /** The tags of a counter of messages. */
    private record Answer(String outcome, String error) {}

    AnswerMeters(Binding binding, MeterSet set, Tags tags) {
        this.set = set;
        this.registry = binding.registry();
        this.tags = tags;
        this.exceptions = binding.exceptions();
        this.stored = set.add(() -> Meters.messages(registry, tags, STORED, ExceptionNames.NONE));
        this.storedTime = set.add(() -> Meters.entry(registry, tags, STORED));
        this.entryMessages = set.add(() -> Meters.entryMessages(registry, tags));
        this.bytes = set.add(() -> Meters.bytes(registry, tags));
    }

    void stored(int count, long size, long nanos) {
        increment(stored, count);
        increment(bytes, (double) size);
        record(storedTime, nanos);
        if (entryMessages != null) {
            entryMessages.record(count);
        }
    }

    void duplicates(int count, long nanos) {
        answered(DUPLICATE, ExceptionNames.NONE, count, nanos);
    }

    void failed(int count, long nanos, Outcome outcome, Throwable cause) {
        answered(Tokens.of(outcome), exceptions.of(cause), count, nanos);
    }

    /** A message that was not accepted has no time. */
    private void answered(String outcome, String error, int count, long nanos) {
        increment(messages.computeIfAbsent(new Answer(outcome, error), this::counter), count);
        if (nanos > 0) {
            record(times.computeIfAbsent(outcome, this::timer), nanos);
        }
    }

    private @Nullable Counter counter(Answer answer) {
        return set.add(() -> Meters.messages(registry, tags, answer.outcome(), answer.error()));
    }

    private @Nullable Timer timer(String outcome) {
        return set.add(() -> Meters.entry(registry, tags, outcome));
    }

    void replayed(int count) {
        Counter counter = replayed;
        if (counter == null) { // several threads register the same one
            counter = set.add(() -> Meters.replayed(registry, tags));
            replayed = counter;
        }
        increment(counter, count);
    }

    private static void increment(@Nullable Counter counter, double by) {
        if (counter != null) {
            counter.increment(by);
        }
    }

    private static void record(@Nullable Timer timer, long nanos) {
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
