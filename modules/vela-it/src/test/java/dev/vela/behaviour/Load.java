package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.KeyHash;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Schema;

/**
 * Several threads that send without a pause, each with a few messages on their way, and what became of each message.
 */
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

    /**
     * Waits until each thread that sends with keys has had one acknowledged by a partition that only a topic of so many
     * partitions sends it to. A number of acknowledgements would not do: those without a key can make it up while those
     * with keys wait for a partition that is not back yet.
     */
    void awaitKeysMoved(KeyHash keyHash, int before, int after, Duration atMost) {
        int keyedThreads = (threads.size() + 1) / 2;
        await().atMost(atMost)
                .until(
                        () -> sent.stream()
                                .filter(Load::isKeyedAndAcknowledged)
                                .filter(message -> partition(message) == keyHash.partition(message.key(), after)
                                        && partition(message) != keyHash.partition(message.key(), before))
                                .map(Load::keyedThread)
                                .distinct()
                                .count(),
                        moved -> moved == keyedThreads);
    }

    /**
     * Of the messages with keys that a thread sent, the first went to their partitions among so many, and all from one
     * of them on to theirs among more.
     */
    void assertKeysMovedOnce(KeyHash keyHash, int before, int after) {
        Set<String> moved = new HashSet<>();
        for (Sent message : sent) {
            if (!isKeyedAndAcknowledged(message)) {
                continue;
            }
            String thread = keyedThread(message);
            int from = keyHash.partition(message.key(), before);
            int to = keyHash.partition(message.key(), after);
            int partition = partition(message);
            if (from != to && partition == to) {
                moved.add(thread);
            }
            assertThat(partition)
                    .as("the partition of %s, key %s", message.value(), message.key())
                    .isEqualTo(moved.contains(thread) ? to : from);
        }
        assertThat(moved).as("the threads whose keys moved").hasSize((threads.size() + 1) / 2);
    }

    private static boolean isKeyedAndAcknowledged(Sent message) {
        return !message.key().isEmpty() && message.isAcknowledged();
    }

    private static String keyedThread(Sent message) {
        return message.key().substring(0, message.key().indexOf('-'));
    }

    private static int partition(Sent message) {
        return ((MessageIdAdv) message.answer().join()).getPartitionIndex();
    }

    /**
     * Reads the topic: all that was acknowledged is there, that of one key in one partition in the order of sending.
     */
    void assertStored(String topic) throws Exception {
        Map<String, String> stored = new LinkedHashMap<>();
        for (Message<String> message : Broker.readAll(topic, Schema.STRING)) {
            stored.putIfAbsent(message.getValue(), message.getTopicName());
        }
        Set<String> lost = new HashSet<>();
        Map<String, List<Integer>> numbers = new HashMap<>();
        Map<String, Sent> acknowledged = new HashMap<>();
        for (Sent message : sent) {
            String value = message.value();
            if (message.isAcknowledged()) {
                acknowledged.put(value, message);
                if (!stored.containsKey(value)) {
                    lost.add(value);
                }
            }
        }
        assertThat(lost).as("acknowledged and not stored").isEmpty();
        stored.forEach((value, partition) -> {
            Sent message = acknowledged.get(value);
            if (message != null && !message.key().isEmpty()) {
                numbers.computeIfAbsent(message.key() + " in " + partition, key -> new ArrayList<>())
                        .add(message.number());
            }
        });
        assertThat(numbers.values()).allSatisfy(ofKey -> assertThat(ofKey).isSorted());
    }

    /**
     * Reads the topic: all that was sent is there once, that of one key, or of one thread without, in the order of
     * sending.
     */
    void assertStoredOnce(String topic) throws Exception {
        List<String> stored = new ArrayList<>();
        for (Message<String> message : Broker.readAll(topic, Schema.STRING)) {
            stored.add(message.getValue());
        }
        assertThat(stored)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        sent.stream().map(Sent::value).toList());
        Map<String, Sent> byValue = new HashMap<>();
        sent.forEach(message -> byValue.put(message.value(), message));
        Map<String, List<Integer>> numbers = new HashMap<>();
        for (String value : stored) {
            Sent message = byValue.get(value);
            String order = message.key().isEmpty() ? value.substring(0, value.indexOf('#')) : message.key();
            numbers.computeIfAbsent(order, absent -> new ArrayList<>()).add(message.number());
        }
        assertThat(numbers.values()).allSatisfy(ofOne -> assertThat(ofOne).isSorted());
    }
}
