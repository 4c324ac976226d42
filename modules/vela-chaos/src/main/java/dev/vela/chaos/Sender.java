package dev.vela.chaos;

import dev.vela.SupervisedMessageBuilder;
import dev.vela.chaos.Sent.Nature;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Sends through handles of Vela, and writes down what it sends and the answers. Thread-safe.
 *
 * @param life which life of the application this is
 * @param sender which of its senders
 * @param topic the topic, without partition
 * @param ordered whether it sends on one thread, through one handle
 */
record Sender(Recorder recorder, int life, int sender, String topic, boolean ordered) {

    static final int BYTES = 100;

    // The numbers of senders, beside those of the threads of Load.
    static final int SECOND_HANDLE = 10;
    static final int SCHEMAS = 11;
    static final int TRANSACTIONS = 12;
    static final int SHORT_LIVED = 13;
    static final int RUNTIMES = 14;
    static final int CANDIDATE = 15;

    /** Sends one, of the usual size. */
    CompletableFuture<MessageId> send(
            SupervisedMessageBuilder<byte[]> builder,
            int number,
            @Nullable String key,
            Duration timeout,
            Nature nature) {
        return send(builder, number, key, BYTES, timeout, nature);
    }

    /** Sends one. */
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
