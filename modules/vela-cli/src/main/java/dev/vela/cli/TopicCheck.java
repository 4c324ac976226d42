package dev.vela.cli;

import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.common.naming.TopicName;
import org.jspecify.annotations.Nullable;

/** Checks the topic on a cluster before anything is published. */
final class TopicCheck {

    private static final boolean CREATE = true;

    private final PulsarClient client;
    private final String url;
    private final TopicOptions topic;

    TopicCheck(PulsarClient client, String url, TopicOptions topic) {
        this.client = client;
        this.url = url;
        this.topic = topic;
    }

    /**
     * Returns the number of the topic's partitions; 0 for a topic without partitions, or one that is a partition
     * itself.
     *
     * @throws CommandFailedException if the cluster cannot be reached, or the topic is not as requested
     */
    int partitions() {
        TopicName name = TopicName.get(topic.topic());
        if (name.isPartitioned()) {
            requirePartition(name);
            return 0;
        }
        Integer wanted = topic.partitions();
        // A cluster that creates topics on use would create a topic without the requested partitions.
        Integer there = count(topic.topic(), wanted == null || wanted == 0);
        if (there == null) {
            throw new CommandFailedException(
                    "topic " + topic.topic() + " does not exist on " + url
                            + (wanted == null ? "" : ": create it with " + wanted + " partitions first"),
                    null);
        }
        if (wanted != null && !wanted.equals(there)) {
            throw new CommandFailedException(
                    "topic " + topic.topic() + " has " + inWords(there) + ", --partitions says " + wanted, null);
        }
        return there;
    }

    /** Requires that the partition exists: publishing to a missing partition would create a separate topic. */
    private void requirePartition(TopicName partition) {
        String whole = partition.getPartitionedTopicName();
        Integer there = count(whole, !CREATE);
        if (there == null || partition.getPartitionIndex() >= there) {
            throw new CommandFailedException(
                    "there is no partition " + partition.getPartitionIndex() + ": topic " + whole
                            + (there == null ? " does not exist" : " has " + inWords(there)),
                    null);
        }
    }

    private static String inWords(int partitions) {
        return partitions == 0 ? "no partitions" : partitions == 1 ? "1 partition" : partitions + " partitions";
    }

    private @Nullable Integer count(String name, boolean create) {
        try {
            List<String> topics = client.getPartitionsForTopic(name, create).join();
            return topics.size() == 1 && !TopicName.get(topics.get(0)).isPartitioned() ? 0 : topics.size();
        } catch (CompletionException e) {
            if (e.getCause() instanceof PulsarClientException.NotFoundException
                    || e.getCause() instanceof PulsarClientException.TopicDoesNotExistException) {
                return null;
            }
            throw CommandFailedException.because("cannot reach topic " + name + " on " + url, e);
        }
    }
}
