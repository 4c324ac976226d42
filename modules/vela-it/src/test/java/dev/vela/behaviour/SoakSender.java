package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vela.NoProducersAvailableException;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

/** A thread that sends messages of all kinds, in all ways, until its producer is stopped. */
final class SoakSender extends Thread {
    /** What an entry may hold; some messages are larger. */
    static final int BATCH_BYTES = 4096;

    private static final byte[] TOO_LARGE = new byte[2 * Broker.MAX_MESSAGE_BYTES];

    private final SupervisedProducer<byte[]> producer;
    private final int number;
    private final Random random;
    private final List<SoakMessage> sent = new ArrayList<>();

    SoakSender(SupervisedProducer<byte[]> producer, int number, long seed) {
        super("soak-" + number);
        this.producer = producer;
        this.number = number;
        this.random = new Random(seed + number);
    }

    /** What it sent, once it has ended. */
    List<SoakMessage> sent() {
        return sent;
    }

    @Override
    public void run() {
        SoakMessage last;
        do {
            last = send();
            sent.add(last);
            if (oneIn(200)) {
                flush();
            }
        } while (!isStopped(last));
    }

    private boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    private static boolean isStopped(SoakMessage last) {
        return last.answer().isCompletedExceptionally()
                && Answers.failure(last.answer(), Exception.class) instanceof NoProducersAvailableException;
    }

    private void flush() {
        if (random.nextBoolean()) {
            producer.flushAsync();
            return;
        }
        try {
            producer.flush();
        } catch (PulsarClientException e) {
            // One of those before it was too large, or timed out: its own answer says so.
        }
    }

    private SoakMessage send() {
        byte[] payload = payload();
        SupervisedMessageBuilder<?> message = ofSomeSchema(payload);
        Object key = setKey(message);
        byte[] orderingKey = null;
        if (oneIn(5)) {
            orderingKey = ("o" + random.nextInt(3)).getBytes(UTF_8);
            message.orderingKey(orderingKey);
        }
        Map<String, String> properties = properties();
        message.properties(properties);
        if (oneIn(20)) {
            message.deliverAfter(Duration.ofMillis(random.nextInt(1, 30)));
        }
        if (oneIn(10)) {
            message.timeout(Duration.ofMillis(random.nextInt(1, 10_000)));
        }
        CompletableFuture<MessageId> answer = oneIn(50) ? blocking(message) : message.sendAsync();
        return new SoakMessage(
                number,
                sent.size(),
                SoakMessage.wrapped(payload),
                key,
                SoakMessage.wrapped(orderingKey),
                properties,
                answer);
    }

    private byte[] payload() {
        if (oneIn(1000)) {
            return TOO_LARGE;
        }
        if (oneIn(30)) {
            return null;
        }
        byte[] payload = new byte[oneIn(40) ? BATCH_BYTES + random.nextInt(20_000) : random.nextInt(200)];
        random.nextBytes(payload);
        return payload;
    }

    /** A message with this payload; a few say that they are of other schemas than their producer. */
    private SupervisedMessageBuilder<?> ofSomeSchema(byte[] payload) {
        if (payload != null && payload.length == Long.BYTES) {
            return producer.newMessage(Schema.INT64).value(Schema.INT64.decode(payload));
        }
        if (oneIn(100) && payload != TOO_LARGE) {
            return producer.newMessage(Schema.BYTEBUFFER).value(payload == null ? null : ByteBuffer.wrap(payload));
        }
        return producer.newMessage().value(payload);
    }

    /** Keys of its own, keys that it shares with the other threads, and none. */
    private Object setKey(SupervisedMessageBuilder<?> message) {
        switch (random.nextInt(4)) {
            case 0 -> {
                String key = "t" + number + "-" + random.nextInt(3);
                message.key(key);
                return key;
            }
            case 1 -> {
                String key = "k" + random.nextInt(5);
                message.key(key);
                return key;
            }
            case 2 -> {
                byte[] key = {(byte) random.nextInt(-3, 3), 0};
                message.keyBytes(key);
                return ByteBuffer.wrap(key);
            }
            default -> {
                return null;
            }
        }
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        properties.put(SoakMessage.ID, number + "-" + sent.size());
        for (int i = random.nextInt(3); i > 0; i--) {
            properties.put("p" + i, "ü".repeat(random.nextInt(5)));
        }
        return properties;
    }

    private static CompletableFuture<MessageId> blocking(SupervisedMessageBuilder<?> message) {
        try {
            return CompletableFuture.completedFuture(message.send());
        } catch (PulsarClientException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
