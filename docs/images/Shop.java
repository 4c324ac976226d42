import dev.vela.Vela;
import dev.vela.local.LocalPulsar;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;

/**
 * The application of the pictures: publishes to a local Pulsar, kills it after some seconds and starts it again, and then
 * has a rival take over one topic. Prints "ready" and "over". Arguments: the seconds before the kill, and those after it.
 */
public final class Shop {

    private Shop() {}

    public static void main(String[] args) throws Exception {
        int before = Integer.parseInt(args[0]);
        int after = Integer.parseInt(args[1]);
        try (LocalPulsar pulsar = LocalPulsar.start()) {
            pulsar.createPartitionedTopic("orders", 8);
            pulsar.createPartitionedTopic("payments", 2);
            Vela vela = Vela.builder().serviceUrl(pulsar.serviceUrl()).name("shop").build();
            var orders = vela.newProducer(Schema.BYTES).topic("orders").name("orders").start();
            var payments = vela.newProducer(Schema.BYTES).topic("payments").name("payments").start();
            var ledger = vela.newProducerGroup(Schema.BYTES)
                    .topic("ledger")
                    .name("ledger")
                    .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                    .start();
            for (var each : java.util.List.of(orders, payments)) {
                each.awaitReady(Duration.ofMinutes(1));
            }
            ledger.awaitReady(Duration.ofMinutes(1));
            send(orders, 900);
            send(payments, 120);
            send(ledger, 30);
            System.out.println("ready");
            TimeUnit.SECONDS.sleep(before);
            pulsar.kill();
            TimeUnit.SECONDS.sleep(4);
            pulsar.restart();
            TimeUnit.SECONDS.sleep(after);
            try (PulsarClient client =
                    PulsarClient.builder().serviceUrl(pulsar.serviceUrl()).build()) {
                Producer<byte[]> rival = client.newProducer()
                        .topic("ledger")
                        .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                        .create();
                TimeUnit.SECONDS.sleep(6);
                System.out.println("over");
                while (System.in.read() >= 0) {
                    // until the script ends this
                }
                rival.close();
            }
        }
        System.exit(0);
    }

    private static void send(Producer<byte[]> to, int aSecond) {
        Thread thread = new Thread(() -> {
            byte[] value = new byte[300];
            for (long i = 0; ; i++) {
                double wave = 1 + 0.3 * Math.sin(i / (double) aSecond / 4);
                to.newMessage().value(value).sendAsync().exceptionally(failure -> null);
                try {
                    TimeUnit.NANOSECONDS.sleep((long) (1e9 / aSecond / wave));
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
