package dev.vela.internal.runtime;

import dev.vela.internal.checks.Checks;
import dev.vela.internal.pulsar.Clients;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.pulsar.Topics;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Asks how many partitions a topic has. Each look-up is answered, even by a failure, though the client never answers a
 * look-up that is under way when the client is closed.
 *
 * <p>Thread-safe; never blocks.
 */
public final class LookUps {
    /** Lets the client's own timeout, with the same deadline, come first: the client knows the reason. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private LookUps() {}

    /**
     * The number of partitions of a topic, from its metadata; 0 for none.
     *
     * @param mayCreate whether the look-up may create the topic, if the broker is configured to do so
     */
    public static CompletableFuture<Integer> partitions(RuntimeResources engine, String topic, boolean mayCreate) {
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

    public static int count(List<String> partitions) {
        boolean partitioned = partitions.stream().anyMatch(name -> Topics.partition(name) >= 0);
        return partitioned ? partitions.size() : 0;
    }
}
