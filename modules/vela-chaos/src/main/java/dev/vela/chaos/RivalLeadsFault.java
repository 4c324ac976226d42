package dev.vela.chaos;

import java.util.List;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * A third producer fences the leader of the topic, writes a message, and is closed at the end; then the leader is
 * restarted by hand.
 */
final class RivalLeadsFault implements Fault {

    /** The life number of the rival's messages. */
    static final int LIFE = 103;

    private static final long TIMEOUT_MILLIS = 30_000;

    private final PulsarClient client;
    private final Topics topics;
    private final Candidates candidates;
    private final List<Sent> sent;
    private @Nullable Producer<byte[]> rival;
    private int leader = -1;

    /**
     * Creates a fault.
     *
     * @param sent receives the messages that the rivals of a run write
     */
    RivalLeadsFault(PulsarClient client, Topics topics, Candidates candidates, List<Sent> sent) {
        this.client = client;
        this.topics = topics;
        this.candidates = candidates;
        this.sent = sent;
    }

    @Override
    public void begin() throws Exception {
        leader = candidates.awaitLeader();
        Producer<byte[]> present = client.newProducer()
                .topic(topics.led())
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .enableBatching(false)
                .create();
        rival = present;
        MessageRef id = new MessageRef(LIFE, 0, sent.size());
        sent.add(new Sent(id, topics.led(), null, true, System.currentTimeMillis(), TIMEOUT_MILLIS));
        present.send(Payload.of(id, null, Sender.BYTES));
    }

    @Override
    public void end() throws Exception {
        close();
        if (leader >= 0) {
            candidates.restart(leader);
        }
    }

    private void close() throws PulsarClientException {
        Producer<byte[]> present = rival;
        if (present != null) {
            present.close();
            rival = null;
        }
    }
}
