package dev.vela.chaos;

import dev.vela.SupervisedMessageBuilder;
import dev.vela.chaos.Sent.Nature;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Sends through handles of Vela, and records the messages and their answers. Thread-safe.
 *
 * @param life the number of this life of the application
 * @param sender the number of this sender
 * @param topic the topic, without partition
 * @param ordered whether the sender uses one thread and one handle
 */
record Sender(Recorder recorder, int life, int sender, String topic, boolean ordered) {

    static final int BYTES = 100;

    // The numbers of senders, in addition to those of the threads of MainWorkload.
    static final int SECOND_HANDLE = 10;
    static final int SCHEMAS = 11;
    static final int TRANSACTIONS = 12;
    static final int SHORT_LIVED = 13;
    static final int RUNTIMES = 14;
    static final int CANDIDATE = 15;

    /** Sends a message of the usual size. */
    CompletableFuture<MessageId> send(
            SupervisedMessageBuilder<byte[]> builder,
            int number,
            @Nullable String key,
            Duration timeout,
            Nature nature) {
        return send(builder, number, key, BYTES, timeout, nature);
    }

    /** Sends a message. */
    CompletableFuture<MessageId> send(
            SupervisedMessageBuilder<byte[]> builder,
            int number,
            @Nullable String key,
            int bytes,
            Duration timeout,
            Nature nature) {
        MessageRef id = new MessageRef(life, sender, number);
        recorder.sent(new Sent(id, topic, key, ordered, System.currentTimeMillis(), timeout.toMillis(), nature));
        builder.timeout(timeout).value(Payload.of(id, key, bytes));
        if (key != null) {
            builder.key(key);
        }
        CompletableFuture<MessageId> answer = builder.sendAsync();
        answer.whenComplete((receipt, failure) -> recorder.answered(id, receipt, failure));
        return answer;
    }
}
