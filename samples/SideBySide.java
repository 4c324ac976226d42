import dev.vela.Vela;
import dev.vela.local.LocalCluster;
import dev.vela.local.LocalServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;

/**
 * The same code with an official client and with a supervised one, on a cluster of two brokers, while something goes
 * wrong: how many messages fail, and of what.
 *
 * <pre>
 * ./vela --version                                                        # builds the jars
 * java -cp 'modules/vela-cli/target/vela-cli.jar:modules/vela-cli/target/lib/*' samples/SideBySide.java
 * </pre>
 *
 * <p>Takes six minutes.
 */
public final class SideBySide implements AutoCloseable {
    private static final Duration BEFORE_THE_FAULT = Duration.ofSeconds(2);
    private static final Duration AFTER_THE_FAULT = Duration.ofSeconds(8);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final LocalCluster cluster = LocalCluster.builder().brokers(2).bookies(1).start();
    private int topics;

    /** What goes wrong, and how the producer is made that it happens to. */
    private record Scenario(String name, int partitions, ProducerAccessMode mode, int seconds, Fault fault) {
        Duration length() {
            return BEFORE_THE_FAULT.plusSeconds(seconds).plus(AFTER_THE_FAULT);
        }
    }

    /** Makes something go wrong with a topic, for a while. */
    private interface Fault {
        void strike(String topic, Duration length) throws Exception;
    }

    /** Where a client comes from. */
    private interface Clients {
        PulsarClient open(String serviceUrl) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        try (SideBySide run = new SideBySide()) {
            List<Scenario> scenarios = List.of(
                    new Scenario(
                            "one of four partitions is terminated", 4, ProducerAccessMode.Shared, 10, run::terminate),
                    new Scenario("one of two brokers is frozen for 40 s", 4, ProducerAccessMode.Shared, 40, run::freeze),
                    new Scenario(
                            "a rival fences the producer, and leaves after 10 s",
                            0,
                            ProducerAccessMode.WaitForExclusive,
                            10,
                            run::fence),
                    new Scenario(
                            "the topic is deleted, and created again after 10 s",
                            0,
                            ProducerAccessMode.Shared,
                            10,
                            run::recreate));
            System.out.println("| while it sends up to 200 messages/s | official client | supervised client |");
            System.out.println("| --- | --- | --- |");
            for (Scenario scenario : scenarios) {
                String official = run.send(scenario, url -> client(url));
                String supervised = run.send(scenario, url -> Vela.supervise(client(url)));
                System.out.println("| " + scenario.name() + " | " + official + " | " + supervised + " |");
            }
        }
    }

    private static PulsarClient client(String url) throws Exception {
        return PulsarClient.builder().serviceUrl(url).build();
    }

    // ---- the application

    /** Sends at a steady rate, and tells what became of it. */
    private String send(Scenario scenario, Clients clients) throws Exception {
        String topic = topic(scenario.partitions());
        Map<String, Integer> failures = new HashMap<>();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        Thread fault;
        boolean works;
        try (PulsarClient client = clients.open(cluster.serviceUrl())) {
            ProducerBuilder<String> builder = client.newProducer(Schema.STRING)
                    .topic(topic)
                    .accessMode(scenario.mode())
                    .enableBatching(false)
                    .maxPendingMessages(10_000);
            Producer<String> producer = builder.create();
            fault = strikeSoon(scenario, topic);
            long end = System.nanoTime() + scenario.length().toNanos();
            while (System.nanoTime() < end) {
                answers.add(producer.sendAsync("message " + answers.size()));
                Thread.sleep(PAUSE.toMillis());
            }
            fault.join();
            for (CompletableFuture<?> answer : answers) {
                String failure = failure(answer);
                if (failure != null) {
                    failures.merge(failure, 1, Integer::sum);
                }
            }
            works = failure(producer.sendAsync("the last")) == null;
        }
        int failed = failures.values().stream().mapToInt(Integer::intValue).sum();
        return String.format(
                Locale.ROOT,
                "%,d of %,d fail%s; afterwards it %s",
                failed,
                answers.size(),
                failed == 0 ? "" : " (" + String.join(", ", failures.keySet()) + ")",
                works ? "works" : "is of no use");
    }

    /** What a message failed with, or null. */
    private static String failure(CompletableFuture<?> answer) {
        try {
            answer.orTimeout(1, TimeUnit.MINUTES).join();
            return null;
        } catch (CompletionException e) {
            return e.getCause() instanceof TimeoutException ? "no answer" : e.getCause().getClass().getSimpleName();
        }
    }

    // ---- what goes wrong

    private static Thread strikeSoon(Scenario scenario, String topic) {
        Thread thread = new Thread(() -> {
            try {
                Thread.sleep(BEFORE_THE_FAULT.toMillis());
                scenario.fault().strike(topic, Duration.ofSeconds(scenario.seconds()));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
        return thread;
    }

    private void terminate(String topic, Duration length) {
        cluster.admin().terminateTopic(topic + "-partition-1");
    }

    private void freeze(String topic, Duration length) throws Exception {
        LocalServer broker = cluster.ownerOf(topic + "-partition-1");
        broker.freeze();
        Thread.sleep(length.toMillis());
        broker.thaw();
    }

    private void fence(String topic, Duration length) throws Exception {
        try (PulsarClient client = client(cluster.serviceUrl());
                Producer<byte[]> rival = client.newProducer()
                        .topic(topic)
                        .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                        .create()) {
            Thread.sleep(length.toMillis());
        }
    }

    private void recreate(String topic, Duration length) throws Exception {
        cluster.admin().setAutoTopicCreation("public/default", false);
        cluster.admin().deleteTopic(topic, true);
        Thread.sleep(length.toMillis());
        cluster.admin().createTopic(topic);
        cluster.admin().setAutoTopicCreation("public/default", true);
    }

    /** A topic of which each broker has some partitions, if it has any. */
    private String topic(int partitions) {
        while (true) {
            String topic = "persistent://public/default/side-by-side-" + topics++;
            if (partitions == 0) {
                cluster.admin().createTopic(topic);
                return topic;
            }
            cluster.admin().createPartitionedTopic(topic, partitions);
            Set<LocalServer> owners = new HashSet<>();
            for (int i = 0; i < partitions; i++) {
                owners.add(cluster.ownerOf(topic + "-partition-" + i));
            }
            if (owners.size() == 2) {
                return topic;
            }
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
