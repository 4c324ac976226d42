package dev.vela.chaos;

import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.time.Duration;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

/**
 * Publishes with a schema that evolves: after some seconds it mixes in messages of a new version, and now and then a
 * message of a version that the broker refuses.
 */
final class SchemaWorkload implements Workload {

    static final String TOPIC = "evolving";

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int OF_FIRST_VERSION = 200;
    private static final int INCOMPATIBLE_ONE_IN = 100;
    private static final int BELOW_LIMIT = 20;

    private final boolean atLimit;
    private final ProducerGroup<byte[]> producer;
    private final Sender sender;
    private final PacedThread thread;

    SchemaWorkload(ApplicationSettings settings, Vela vela, Recorder recorder) throws PulsarClientException {
        SupervisedProducerBuilder<byte[], ProducerGroup<byte[]>> builder =
                vela.newProducerGroup((Schema<byte[]>) EvolvingSchema.FIRST).topic(settings.topic(TOPIC));
        new VelaSetup(settings).apply(builder);
        atLimit = settings.setup().has(Dimension.SIZE_LIMIT);
        producer = builder.start();
        sender = new Sender(recorder, settings.life(), Sender.SCHEMAS, settings.topic(TOPIC), true);
        thread = new PacedThread("chaos-schemas", PAUSE, this::send);
    }

    private void send(int number) {
        // The first message of a schema makes the client ask the broker about the schema, so this message is as large
        // as possible.
        int bytes = atLimit && number == OF_FIRST_VERSION ? Site.MAX_MESSAGE_BYTES - BELOW_LIMIT : Sender.BYTES;
        sender.send(producer.newMessage(schema(number)), number, null, bytes, TIMEOUT, Sent.Nature.ORDINARY);
    }

    private static EvolvingSchema schema(int number) {
        if (number < OF_FIRST_VERSION) {
            return EvolvingSchema.FIRST;
        }
        if (number % INCOMPATIBLE_ONE_IN == INCOMPATIBLE_ONE_IN - 1) {
            return EvolvingSchema.INCOMPATIBLE;
        }
        return number % 2 == 0 ? EvolvingSchema.SECOND : EvolvingSchema.FIRST;
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop(Duration limit) throws InterruptedException {
        thread.stop(limit);
    }
}
