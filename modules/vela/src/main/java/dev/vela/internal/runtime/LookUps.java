package dev.vela.internal.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.internal.checks.Checks;
import dev.vela.internal.pulsar.Clients;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.pulsar.Topics;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * Asks how many partitions topics have. Each look-up is answered, even by a failure, though the client never answers a
 * look-up that is under way when the client is closed.
 *
 * <p>Thread-safe; never blocks.
 */
public final class LookUps {
    /** Lets the client's own timeout, with the same deadline, come first: the client knows the reason. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final RuntimeResources engine;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Asked> asked = new HashMap<>();

    /** The look-up of a topic that is under way, and the one that comes after it. */
    private static final class Asked {
        private CompletableFuture<Integer> current = new CompletableFuture<>();
        private @Nullable CompletableFuture<Integer> next;
    }

    LookUps(RuntimeResources engine) {
        this.engine = engine;
    }

    /**
     * The number of partitions of a topic, from its metadata; 0 for none. Never creates the topic.
     *
     * <p>All partitions of a topic ask when they start, so one look-up answers all calls that came before it began.
     */
    public CompletableFuture<Integer> partitions(String topic) {
        CompletableFuture<Integer> answer;
        boolean isFirst;
        lock.lock();
        try {
            Asked before = asked.get(topic);
            isFirst = before == null;
            if (before == null) {
                Asked first = new Asked();
                asked.put(topic, first);
                answer = first.current;
            } else {
                if (before.next == null) {
                    before.next = new CompletableFuture<>();
                }
                answer = before.next;
            }
        } finally {
            lock.unlock();
        }
        if (isFirst) {
            begin(topic, answer);
        }
        return answer.copy();
    }

    private void begin(String topic, CompletableFuture<Integer> answer) {
        CompletableFuture<Integer> asked;
        try {
            asked = ask(topic, false);
        } catch (RuntimeException | Error e) { // otherwise the topic could never be looked up again
            asked = CompletableFuture.failedFuture(e);
        }
        asked.whenComplete((count, failure) -> {
            CompletableFuture<Integer> next = next(topic);
            if (next != null) {
                begin(topic, next);
            }
            if (failure == null) {
                answer.complete(count);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    /** Notes that the current look-up is over. Returns the next one, if there is any, which is current now. */
    private @Nullable CompletableFuture<Integer> next(String topic) {
        lock.lock();
        try {
            Asked over = Objects.requireNonNull(asked.get(topic));
            CompletableFuture<Integer> next = over.next;
            if (next == null) {
                asked.remove(topic);
            } else {
                over.current = next;
                over.next = null;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** The same, but the look-up may create the topic, if the broker is configured to do so. */
    public CompletableFuture<Integer> partitionsOrCreate(String topic) {
        return ask(topic, true);
    }

    private CompletableFuture<Integer> ask(String topic, boolean mayCreate) {
        PulsarClientException closed = engine.clientIsClosed();
        if (closed != null) {
            return CompletableFuture.failedFuture(closed);
        }
        CompletableFuture<Integer> answer = engine.callOut(
                        () -> engine.client().getPartitionsForTopic(topic, mayCreate))
                .handle((found, failure) -> failure == null
                        ? CompletableFuture.completedFuture(count(found))
                        : CompletableFuture.<Integer>failedFuture(Failures.explained(topic, Failures.unwrap(failure))))
                .thenCompose(counted -> counted);
        Duration limit = Clients.lookUpTimeout(engine.client()).plus(GRACE);
        Scheduler.Cancellable timer = engine.control()
                .schedule(
                        limit,
                        () -> answer.completeExceptionally(new PulsarClientException.TimeoutException(
                                "the partitions of " + topic + " were not told within " + Checks.text(limit))));
        answer.whenComplete((found, failure) -> timer.cancel());
        return answer;
    }

    /** The client names either all partitions of a topic, or the topic itself. */
    public static int count(List<String> partitions) {
        boolean isPartitioned = !partitions.isEmpty() && Topics.partition(partitions.get(0)) >= 0;
        return isPartitioned ? partitions.size() : 0;
    }
}
