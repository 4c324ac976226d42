package dev.vela.behaviour;

import dev.vela.Batching;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pulsar.client.api.Schema;

/**
 * An application whose source is the numbers from 0 on, and that sends each of them once over all its lives: it goes on
 * after the number that its producer says was its last. To be killed.
 *
 * <p>Arguments: the service URL, the topic, whether to batch, and how many to send at most. It says "from n" once it
 * knows where to go on, "sent n" now and then, and "done n" when all is acknowledged.
 */
final class NumberingApplication {
    private static final Duration LONG = Duration.ofSeconds(60);

    private NumberingApplication() {}

    public static void main(String[] args) throws Exception {
        try (Vela vela = Vela.connect(args[0])) {
            var builder = vela.newProducerGroup(Schema.STRING)
                    .topic(args[1])
                    .name("numbering")
                    .stableNames(true)
                    .maxPendingMessages(200);
            if (Boolean.parseBoolean(args[2])) {
                builder.batching(Batching.defaults().withMaxMessages(7));
            }
            ProducerGroup<String> group = builder.start();
            group.awaitReady(LONG);
            send(group, group.getLastSequenceId() + 1, Integer.parseInt(args[3]));
        }
    }

    private static void send(ProducerGroup<String> group, long from, int count) throws Exception {
        say("from " + from);
        AtomicLong acknowledged = new AtomicLong();
        for (long i = from; i < from + count; i++) {
            group.newMessage()
                    .sequenceId(i)
                    .value("v" + i)
                    .timeout(LONG)
                    .sendAsync()
                    .whenComplete((id, failure) -> {
                        long so = acknowledged.incrementAndGet();
                        if (failure != null) {
                            say("failed " + failure);
                        } else if (so % 50 == 0) {
                            say("sent " + so);
                        }
                    });
        }
        group.flush();
        say("done " + (from + count - 1));
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
