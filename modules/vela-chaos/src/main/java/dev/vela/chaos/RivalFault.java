package dev.vela.chaos;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** A rival producer gets in the way, and goes at the end. It publishes nothing. */
final class RivalFault implements Fault {

    private static final int TRIES = 20;
    private static final int RETRY_MILLIS = 100;

    private final PulsarClient client;
    private final Topics topics;
    private final int partition;
    private final Weapon weapon;
    private @Nullable Producer<byte[]> rival;

    /** What it does. */
    enum Weapon {
        /** It fences whoever publishes to a partition of the side topic. */
        FENCING,
        /** It takes the name of one who publishes to a partition of the main topic, while that one is disconnected. */
        NAME
    }

    RivalFault(PulsarClient client, Topics topics, int partition, Weapon weapon) {
        this.client = client;
        this.topics = topics;
        this.partition = partition;
        this.weapon = weapon;
    }

    @Override
    public void begin() throws Exception {
        if (weapon == Weapon.FENCING) {
            rival = client.newProducer()
                    .topic(topics.sidePartition(partition))
                    .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                    .create();
        } else {
            takeName();
        }
    }

    private void takeName() throws Exception {
        List<String> names = topics.producers(partition);
        if (names.isEmpty()) {
            throw new IllegalStateException("nobody publishes to partition " + partition);
        }
        ProducerBuilder<byte[]> builder = client.newProducer()
                .topic(topics.mainPartition(partition))
                .producerName(names.get(partition % names.size()));
        for (int tries = 0; rival == null; tries++) {
            try {
                topics.unloadMain(partition); // disconnects the one who has it
                rival = builder.create();
            } catch (IOException e) { // who has it was sooner, or the cluster is in no state to unload
                if (tries == TRIES) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
    }

    @Override
    public void end() throws PulsarClientException {
        Producer<byte[]> active = rival;
        if (active != null) {
            active.close();
        }
    }
}
