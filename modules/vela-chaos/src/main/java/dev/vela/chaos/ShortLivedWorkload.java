package dev.vela.chaos;

import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pulsar.client.api.Schema;

/** While its fault lasts, repeatedly starts a handle, sends a message through it, and closes it at once. */
final class ShortLivedWorkload implements Workload {

    private static final Duration PAUSE = Duration.ofMillis(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final ApplicationSettings settings;
    private final Vela vela;
    private final Sender sender;
    private final PacedThread thread;
    private final AtomicBoolean on = new AtomicBoolean();

    ShortLivedWorkload(ApplicationSettings settings, Vela vela, Recorder recorder) {
        this.settings = settings;
        this.vela = vela;
        this.sender = new Sender(recorder, settings.life(), Sender.SHORT_LIVED, settings.singleTopic(), false);
        this.thread = new PacedThread("chaos-short-lived", PAUSE, this::use);
    }

    private void use(int number) throws Exception {
        if (!on.get()) {
            return;
        }
        SupervisedProducerBuilder<byte[], ProducerGroup<byte[]>> builder = vela.newProducerGroup(Schema.BYTES)
                .topic(settings.singleTopic())
                .name("short-lived-" + number);
        new VelaSetup(settings).apply(builder);
        ProducerGroup<byte[]> producer = builder.start();
        sender.send(producer.newMessage(), number, null, TIMEOUT, Sent.Nature.SHORT_LIVED);
        producer.close();
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void begin(ApplicationFault applicationFault) {
        if (applicationFault == ApplicationFault.SHORT_LIVED_HANDLES) {
            on.set(true);
        }
    }

    @Override
    public void end(ApplicationFault applicationFault) {
        if (applicationFault == ApplicationFault.SHORT_LIVED_HANDLES) {
            on.set(false);
        }
    }

    @Override
    public void stop(Duration limit) throws InterruptedException {
        on.set(false);
        thread.stop(limit);
    }
}
