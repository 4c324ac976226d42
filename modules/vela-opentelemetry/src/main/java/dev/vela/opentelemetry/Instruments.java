package dev.vela.opentelemetry;

import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;

/** The counters and histograms of a runtime. Thread-safe. */
final class Instruments {
    private static final List<Double> SECONDS =
            List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);
    private static final List<Long> MESSAGES =
            List.of(1L, 2L, 5L, 10L, 20L, 50L, 100L, 200L, 500L, 1000L, 2000L, 5000L);

    final LongCounter sent;
    final LongCounter messages;
    final LongCounter bytes;
    final LongCounter replayed;
    final LongCounter restarts;
    final LongCounter events;
    final DoubleHistogram duration;
    final DoubleHistogram blocked;
    final LongHistogram entryMessages;

    Instruments(Meter meter) {
        sent = counter(
                meter, "messaging.client.sent.messages", "{message}", "Messages that were, or may have been, stored");
        messages = counter(meter, "vela.messages", "{message}", "Messages that were answered, by outcome");
        bytes = counter(meter, "vela.bytes", "By", "Payload and metadata of stored messages, before compression");
        replayed = counter(
                meter, "vela.replayed", "{message}", "Messages that were handed to the successor of a dead producer");
        restarts = counter(meter, "vela.restarts", "{restart}", "Restarts, by what was restarted and why");
        events = counter(meter, "vela.events", "{event}", "Events in the life of producers, by type");
        duration = seconds(
                meter,
                "messaging.client.operation.duration",
                "Time from the acceptance of the oldest message of an entry to the answer");
        blocked = seconds(meter, "vela.blocked", "Time that a thread waited for room in a budget");
        entryMessages = meter.histogramBuilder("vela.entry.messages")
                .setDescription("Messages that an entry was stored with")
                .setUnit("{message}")
                .ofLongs()
                .setExplicitBucketBoundariesAdvice(MESSAGES)
                .build();
    }

    private static LongCounter counter(Meter meter, String name, String unit, String description) {
        return meter.counterBuilder(name)
                .setUnit(unit)
                .setDescription(description)
                .build();
    }

    private static DoubleHistogram seconds(Meter meter, String name, String description) {
        return meter.histogramBuilder(name)
                .setUnit("s")
                .setDescription(description)
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
    }
}
