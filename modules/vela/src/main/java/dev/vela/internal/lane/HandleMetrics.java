package dev.vela.internal.lane;

import dev.vela.Outcome;
import dev.vela.SupervisedProducer;
import dev.vela.VelaMetrics;
import dev.vela.internal.scheduling.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the application's metrics are told of the messages of one handle. Thread-safe. What they throw is logged the
 * first time, and otherwise ignored.
 */
public final class HandleMetrics {
    private static final Logger log = LoggerFactory.getLogger(HandleMetrics.class);

    private final String name;
    private final Scheduler clock;
    private final List<VelaMetrics.Messages> all = new ArrayList<>(); // does not change once it is constructed
    private volatile boolean hasThrown;

    private HandleMetrics(String name, Scheduler clock) {
        this.name = name;
        this.clock = clock;
    }

    /** What is to be told of a handle that is being started; null if nobody wants to know. */
    public static @Nullable HandleMetrics of(List<VelaMetrics> metrics, String name, String topic, Scheduler clock) {
        if (metrics.isEmpty()) {
            return null;
        }
        HandleMetrics its = new HandleMetrics(name, clock);
        for (VelaMetrics one : metrics) {
            its.guard(() -> its.all.add(one.of(name, topic)));
        }
        return its;
    }

    long nanosSince(long acceptedAt) {
        return Math.max(0, clock.nanoTime() - acceptedAt);
    }

    /** Messages have one answer: a receipt, or a failure. */
    void answered(
            int partition,
            int messages,
            long bytes,
            long nanos,
            @Nullable MessageId receipt,
            @Nullable Throwable failure) {
        if (failure == null) {
            boolean areDuplicates = SupervisedProducer.isDuplicate(receipt);
            tell(one -> one.stored(partition, messages, bytes, nanos, areDuplicates));
        } else {
            Outcome outcome = Outcome.of(failure);
            tell(one -> one.failed(partition, messages, nanos, outcome, failure));
        }
    }

    void blocked(long nanos) {
        tell(one -> one.blocked(nanos));
    }

    void replayed(int partition, int messages) {
        tell(one -> one.replayed(partition, messages));
    }

    /** The handle has ended. */
    public void close() {
        tell(VelaMetrics.Messages::close);
    }

    private void tell(Consumer<VelaMetrics.Messages> what) {
        for (VelaMetrics.Messages one : all) {
            guard(() -> what.accept(one));
        }
    }

    private void guard(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) { // no metric may keep a message from its answer
            if (!hasThrown) {
                hasThrown = true;
                log.warn("Metrics of {} threw; what they throw from now on is ignored", name, e);
            }
        }
    }
}
