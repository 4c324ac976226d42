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
 * Asks how many partitions a topic has. Each answer comes, well or badly: the client never answers one that is under way
 * when it is closed.
 *
 * <p>Thread-safe; never blocks.
 */
public final class LookUps {
    /** So that the client, which has the same deadline, comes first: it knows why. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private LookUps() {}

    /**
     * How many partitions a topic has according to its metadata; 0 for none.
     *
     * @param mayCreate whether the topic may be created by it, if the broker is set to do so
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
                        : CompletableFuture.<Integer>failedFuture(reason(topic, Failures.unwrap(failure))))
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

    /** The broker's own is often empty where the topic or its namespace is missing. The class stays the client's. */
    private static Throwable reason(String topic, Throwable failure) {
        if (!isMissing(failure)) {
            return failure;
        }
        String message = topic + " does not exist, or its namespace does not";
        PulsarClientException missing = failure instanceof PulsarClientException.TopicDoesNotExistException
                ? new PulsarClientException.TopicDoesNotExistException(message)
                : new PulsarClientException.NotFoundException(message);
        missing.initCause(failure);
        return missing;
    }

    /** Whether a look-up failed since there is no such topic. */
    public static boolean isMissing(Throwable failure) {
        return failure instanceof PulsarClientException.NotFoundException
                || failure instanceof PulsarClientException.TopicDoesNotExistException;
    }
}
