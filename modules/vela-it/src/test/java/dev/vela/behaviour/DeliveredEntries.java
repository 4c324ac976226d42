package dev.vela.behaviour;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;

/** Which messages shared an entry. */
final class DeliveredEntries {
    private DeliveredEntries() {}

    /** What all messages of an entry have in common, and no others. */
    static String entry(MessageId id) {
        MessageIdAdv full = (MessageIdAdv) id;
        return full.getLedgerId() + ":" + full.getEntryId() + ":" + full.getPartitionIndex();
    }

    /** How many messages each entry had, in the order of the entries' first messages. */
    static List<Integer> sizes(Collection<? extends Message<?>> messages) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        messages.forEach(message -> sizes.merge(entry(message.getMessageId()), 1, Integer::sum));
        return List.copyOf(sizes.values());
    }
}
