package dev.vela.internal.handle;

import dev.vela.MessageRejectedException;
import dev.vela.internal.pulsar.EncodedMessage;
import java.util.List;
import org.apache.pulsar.client.api.MessageRouter;

/**
 * Has the application's router choose the partition of a message.
 *
 * <p>As thread-safe as the router.
 */
final class CustomRouter {
    private final MessageRouter router;
    private final String topic;

    CustomRouter(MessageRouter router, String topic) {
        this.router = router;
        this.topic = topic;
    }

    /** Chooses one of the given partitions. */
    <G> G choose(EncodedMessage message, List<G> partitions) throws MessageRejectedException {
        int chosen;
        try {
            chosen = router.choosePartition(message.asOfficial(topic), partitions::size);
        } catch (Throwable e) {
            throw new MessageRejectedException("the message router failed: " + e, e);
        }
        if (chosen < 0 || chosen >= partitions.size()) {
            throw new MessageRejectedException(
                    "the message router must choose a partition in [0, " + (partitions.size() - 1) + "], was " + chosen,
                    null);
        }
        return partitions.get(chosen);
    }
}
