package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;

/** Several threads that send without a pause, each with a few messages on their way, and what became of each message. */
final class Load implements AutoCloseable {
    private static final int ON_THEIR_WAY = 8;
    private static final int KEYS = 5;

    private final SupervisedProducer<String> producer;
    private final Duration timeout;
    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    /** A message, with an empty key where it had none. Of one key, numbers grow in the order of sending. */
    private record Sent(String key, int number, String value, CompletableFuture<MessageId> answer) {
        boolean isAcknowledged() {
            return answer.isDone() && !answer.isCompletedExceptionally();
        }
    }

    private Load(SupervisedProducer<String> producer, Duration timeout) {
        this.producer = producer;
        this.timeout = timeout;
    }

    /** Begins: every second thread sends with keys of its own, the others without. */
    static Load on(SupervisedProducer<String> producer, int threads, Duration timeout) {
        Load load = new Load(producer, timeout);
        for (int i = 0; i < threads; i++) {
            int number = i;
            Thread thread = new Thread(() -> load.send(number), "load-" + i);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void send(int thread) {
        boolean keyed = thread % 2 == 0;
        Semaphore mayGo = new Semaphore(ON_THEIR_WAY);
        for (int i = 0; !over; i++) {
            mayGo.acquireUninterruptibly();
            String key = keyed ? "t" + thread + "-k" + i % KEYS : "";
            String value = "t" + thread + "#" + i;
            SupervisedMessageBuilder<String> message =
                    producer.newMessage().value(value).timeout(timeout);
            CompletableFuture<MessageId> answer = (keyed ? message.key(key) : message).sendAsync();
            sent.add(new Sent(key, i, value, answer));
            answer.whenComplete((id, failure) -> mayGo.release());
        }
    }

    /** Waits until so many more messages were acknowledged. */
    void awaitMoreAcknowledged(int more, Duration atMost) {
        long target = acknowledged() + more;
        await().atMost(atMost).until(() -> acknowledged() >= target);
    }

    long acknowledged() {
        return sent.stream().filter(Sent::isAcknowledged).count();
    }

    /** Ends the load. */
    @Override
    public void close() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Waits until every message has its answer, and returns the failures. */
    List<Throwable> awaitAnswers(Duration atMost) {
        assertThat(threads).noneMatch(Thread::isAlive);
        await().atMost(atMost)
                .until(() -> sent.stream().allMatch(message -> message.answer().isDone()));
        return sent.stream()
                .filter(message -> !message.isAcknowledged())
                .map(message ->
                        message.answer().handle((id, failure) -> failure).join())
                .toList();
    }

    /** Reads the topic: all that was acknowledged is there, that of one key in the order of sending. */
    void assertStored(String topic) throws Exception {
        Set<String> stored = new LinkedHashSet<>();
        for (Message<String> message : Broker.readAll(topic, Schema.STRING, Duration.ofSeconds(2))) {
            stored.add(message.getValue());
        }
        Set<String> lost = new HashSet<>();
        Map<String, List<Integer>> numbers = new HashMap<>();
        Map<String, Sent> acknowledged = new HashMap<>();
        for (Sent message : sent) {
            String value = message.value();
            if (message.isAcknowledged()) {
                acknowledged.put(value, message);
                if (!stored.contains(value)) {
                    lost.add(value);
                }
            }
        }
        assertThat(lost).as("acknowledged and not stored").isEmpty();
        for (String value : stored) {
            Sent message = acknowledged.get(value);
            if (message != null && !message.key().isEmpty()) {
                numbers.computeIfAbsent(message.key(), key -> new ArrayList<>()).add(message.number());
            }
        }
        assertThat(numbers.values()).allSatisfy(ofKey -> assertThat(ofKey).isSorted());
    }
}
