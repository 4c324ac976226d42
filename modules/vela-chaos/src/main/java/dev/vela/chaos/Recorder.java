package dev.vela.chaos;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** Writes down what is sent and what it is answered, and counts both. Thread-safe. */
final class Recorder {

    private final Journal journal;
    private final Function<Throwable, Answer.Kind> kinds;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();

    /**
     * Creates one that has counted nothing.
     *
     * @param kinds what a failure says of its message
     */
    Recorder(Journal journal, Function<Throwable, Answer.Kind> kinds) {
        this.journal = journal;
        this.kinds = kinds;
    }

    Journal journal() {
        return journal;
    }

    /** To be called before the message is sent. */
    void sent(Sent message) {
        journal.sent(message);
        sent.incrementAndGet();
    }

    /** To be called with its answer. */
    void answered(MessageRef id, @Nullable MessageId receipt, @Nullable Throwable failure) {
        Answer answer = failure == null
                ? new Answer(Answer.Kind.STORED, System.currentTimeMillis(), place(receipt), null)
                : new Answer(kinds.apply(failure), System.currentTimeMillis(), null, cause(failure));
        journal.answered(id, answer);
        answered.incrementAndGet();
        if (answer.kind() == Answer.Kind.STORED) {
            stored.incrementAndGet();
        }
    }

    /** Where a receipt says that the message is; null if the broker had it already, and so does not say. */
    static @Nullable String place(@Nullable MessageId id) {
        if (!(id instanceof MessageIdAdv place) || place.getLedgerId() < 0) {
            return null;
        }
        return place.getLedgerId() + ":" + place.getEntryId() + ":" + place.getBatchIndex();
    }

    private static String cause(Throwable failure) {
        StringBuilder names = new StringBuilder(failure.getClass().getSimpleName());
        Throwable cause = failure.getCause();
        if (cause != null) {
            names.append('/').append(cause.getClass().getSimpleName());
        }
        if (!(failure instanceof PulsarClientException)) {
            names.append(':').append(failure.getMessage());
        }
        return names.toString();
    }

    long sent() {
        return sent.get();
    }

    long answered() {
        return answered.get();
    }

    long stored() {
        return stored.get();
    }

    /** For the application's standard output. */
    String counts() {
        long open = sent.get() - answered.get();
        return "COUNTS " + sent.get() + ' ' + stored.get() + ' ' + open;
    }
}
