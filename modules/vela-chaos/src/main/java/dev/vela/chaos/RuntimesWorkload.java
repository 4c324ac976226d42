package dev.vela.chaos;

import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * While its fault lasts, opens and closes runtimes on a client that lives on. Some are closed while their producers are
 * being created, some while a producer waits for exclusive access, and some after they have sent.
 */
final class RuntimesWorkload implements Workload {

    static final String HELD_TOPIC = "held";

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);
    private static final int KINDS = 4;
    private static final int HANDLES = 3;
    private static final int MESSAGES = 5;
    private static final int MOST_MILLIS = 13;
    private static final int SHORT_WAIT_MILLIS = 50;
    private static final int LONG_WAIT_MILLIS = 700; // by then the producer is known to wait

    private final ApplicationSettings settings;
    private final Sender sender;
    private final PacedThread thread;
    private final AtomicBoolean on = new AtomicBoolean();
    private final AtomicLong neverClosed = new AtomicLong();
    private int numbers; // used by the thread only
    private volatile @Nullable PulsarClient client;

    RuntimesWorkload(ApplicationSettings settings, Recorder recorder) {
        this.settings = settings;
        this.sender = new Sender(recorder, settings.life(), Sender.RUNTIMES, settings.mainTopic(), false);
        this.thread = new PacedThread("chaos-runtimes", PAUSE, this::use);
    }

    private PulsarClient client() throws PulsarClientException {
        PulsarClient present = client;
        if (present == null) {
            present = build();
            client = present;
        }
        return present;
    }

    private void use(int number) throws Exception {
        if (!on.get()) {
            return;
        }
        switch (number % KINDS) {
            case 0 -> closeWhileItIsSending();
            case 1 -> closeWhileItWaits(number);
            default -> closeWhileItStarts(number);
        }
    }

    private void closeWhileItStarts(int number) throws Exception {
        Vela vela = Vela.on(client());
        try {
            for (int i = 0; i < HANDLES; i++) {
                var builder = vela.newPartitionedProducer(Schema.BYTES)
                        .topic(settings.mainTopic())
                        .name("runtime-" + number + "-" + i)
                        .partitions(settings.mainPartitions());
                new VelaSetup(settings).apply(builder);
                builder.start();
            }
            TimeUnit.MILLISECONDS.sleep(number / KINDS % MOST_MILLIS);
        } finally {
            close(vela, Duration.ZERO);
        }
    }

    private void closeWhileItIsSending() throws Exception {
        Vela vela = Vela.on(client());
        try {
            var builder = vela.newPartitionedProducer(Schema.BYTES)
                    .topic(settings.mainTopic())
                    .partitions(settings.mainPartitions());
            new VelaSetup(settings).apply(builder);
            var producer = builder.start();
            for (int i = 0; i < MESSAGES; i++) {
                sender.send(producer.newMessage(), numbers++, "r" + i, TIMEOUT, Sent.Nature.ORDINARY);
            }
        } finally {
            close(vela, TIMEOUT);
        }
    }

    private void closeWhileItWaits(int number) throws Exception {
        // On a separate client, which is closed afterwards, so that its remains are not counted.
        try (PulsarClient other = build()) {
            other.newProducer()
                    .topic(settings.topic(HELD_TOPIC))
                    .accessMode(ProducerAccessMode.Exclusive)
                    .create();
            Vela vela = Vela.on(client());
            try {
                SupervisedProducerBuilder<byte[], ProducerGroup<byte[]>> builder = vela.newProducerGroup(Schema.BYTES)
                        .topic(settings.topic(HELD_TOPIC))
                        .name("standby-" + number)
                        .accessMode(ProducerAccessMode.WaitForExclusive);
                new VelaSetup(settings).apply(builder);
                builder.start();
                TimeUnit.MILLISECONDS.sleep(number / KINDS % 2 == 0 ? LONG_WAIT_MILLIS : SHORT_WAIT_MILLIS);
            } finally {
                close(vela, Duration.ZERO);
            }
        }
    }

    private PulsarClient build() throws PulsarClientException {
        ClientBuilder builder = PulsarClient.builder().serviceUrl(settings.serviceUrl());
        settings.customize(builder);
        return builder.build();
    }

    private void close(Vela vela, Duration drain) throws InterruptedException, ExecutionException {
        try {
            vela.closeAsync(drain).get(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            neverClosed.incrementAndGet();
            System.err.println("a runtime has not closed within " + CLOSE_LIMIT);
        }
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void begin(ApplicationFault applicationFault) {
        if (applicationFault == ApplicationFault.RUNTIMES_CLOSED) {
            on.set(true);
        }
    }

    @Override
    public void end(ApplicationFault applicationFault) {
        if (applicationFault == ApplicationFault.RUNTIMES_CLOSED) {
            on.set(false);
        }
    }

    @Override
    public void stop(Duration limit) throws InterruptedException {
        on.set(false);
        thread.stop(limit);
    }

    @Override
    public long leftBehind() {
        PulsarClient present = client;
        return neverClosed.get()
                + (present == null ? 0 : ClientContents.of(present).total());
    }

    @Override
    public String toString() {
        PulsarClient present = client;
        return "runtimes that have not closed: " + neverClosed + ", client: "
                + (present == null ? "none" : ClientContents.of(present));
    }
}
